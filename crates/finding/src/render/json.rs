use serde_json::{Map, Value, json};

use crate::{Finding, Place, Report};

/// The report as one JSON object, of stable shape:
/// `{"findings": [{"code", "level", "message", "help", "file", "line", "column", "endLine",
/// "endColumn", "attribute", "document", "field"}], "summary": {"errors", "warnings", "infos"}}`.
///
/// Lines and columns count from 1, the end is exclusive. `code`, `level` and `message` always stand;
/// the others stand where they are known.
pub fn to_json(report: &Report) -> Value {
    let findings: Vec<Value> = report.findings().iter().map(finding).collect();
    json!({
        "findings": findings,
        "summary": {
            "errors": report.count(crate::Level::Error),
            "warnings": report.count(crate::Level::Warning),
            "infos": report.count(crate::Level::Info),
        },
    })
}

fn finding(finding: &Finding) -> Value {
    let mut object = Map::new();
    object.insert("code".to_owned(), finding.code.as_str().into());
    object.insert("level".to_owned(), finding.level.as_str().into());
    object.insert("message".to_owned(), finding.message.as_str().into());
    if let Some(help) = &finding.help {
        object.insert("help".to_owned(), help.as_str().into());
    }
    if let Some(location) = &finding.location {
        object.insert("file".to_owned(), location.file.as_str().into());
        place(&location.place, &mut object);
    }
    if let Some(document) = &finding.document {
        object.insert("document".to_owned(), document.as_str().into());
    }
    if let Some(field) = &finding.field {
        object.insert("field".to_owned(), field.as_str().into());
    }
    Value::Object(object)
}

fn place(place: &Place, object: &mut Map<String, Value>) {
    match place {
        Place::Whole => {}
        Place::Span(span) => {
            object.insert("line".to_owned(), span.line.into());
            object.insert("column".to_owned(), span.column.into());
            object.insert("endLine".to_owned(), span.end_line.into());
            object.insert("endColumn".to_owned(), span.end_column.into());
        }
        Place::Attribute(path) => {
            object.insert("attribute".to_owned(), path.as_str().into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_the_json_is_stable() {
        let json = to_json(&crate::render::example());
        assert_eq!(
            json.to_string(),
            concat!(
                r#"{"findings":[{"code":"DOC-001","level":"info","message":"nothing here"},"#,
                r#"{"code":"DR-016","level":"warning","message":"no persistence","file":"berth.nix","#,
                r#""attribute":"registry.storage"},{"code":"K-014","level":"error","#,
                r#""message":"unknown field `drivr`","help":"did you mean `driver`?","#,
                r#""file":"berth.yaml","line":5,"column":5,"endLine":5,"endColumn":10,"#,
                r#""document":"DockerRegistry/local","field":"storage.drivr"}],"#,
                r#""summary":{"errors":1,"warnings":1,"infos":1}}"#
            )
        );
    }
}
