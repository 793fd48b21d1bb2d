//! A report in each of its outputs, one file an output.

pub(crate) mod json;
pub(crate) mod sarif;
pub(crate) mod text;

#[cfg(test)]
pub(crate) fn example() -> crate::Report {
    use crate::{Code, Excerpt, Finding, Level, Location, Span};
    crate::Report::new([
        Finding::new(Code::new("K-014"), Level::Error, "unknown field `drivr`")
            .help("did you mean `driver`?")
            .at(Location::span("berth.yaml", Span::on_line(5, 5, 5)))
            .excerpt(Excerpt {
                line: 5,
                text: "    drivr: ***".to_owned(),
                column: 5,
                width: 5,
            })
            .field("storage.drivr")
            .document("DockerRegistry/local"),
        Finding::new(Code::new("DR-016"), Level::Warning, "no persistence")
            .at(Location::attribute("berth.nix", "registry.storage")),
        Finding::new(Code::new("DOC-001"), Level::Info, "nothing here"),
    ])
}
