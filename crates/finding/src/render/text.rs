use annotate_snippets::{AnnotationKind, Group, Level as Style, Origin, Renderer, Snippet};

use crate::{Excerpt, Finding, Level, Location, Report};

/// The report for people, ending in a line that counts; empty when there is nothing to say.
/// `colour` switches ANSI colours on; whether the output is a terminal is the caller's to know.
pub fn to_text(report: &Report, colour: bool) -> String {
    if report.is_empty() {
        return String::new();
    }
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for finding in report.findings() {
        text.push_str(&renderer.render(&groups(finding)));
        text.push_str("\n\n");
    }
    text.push_str(&report.summary());
    text.push('\n');
    text
}

fn groups(finding: &Finding) -> Vec<Group<'_>> {
    let style = style(finding.level);
    let title = style
        .primary_title(line(&finding.message))
        .id(finding.code.as_str());
    let group = match (&finding.location, &finding.excerpt) {
        (Some(location), Some(excerpt)) => title.element(snippet(location, excerpt)),
        (Some(location), None) => title.element(Origin::path(line(&location.to_string()))),
        (None, _) => Group::with_title(title),
    };
    let group = match &finding.help {
        Some(help) => group.element(Style::HELP.message(line(help))),
        None => group,
    };
    vec![group]
}

fn snippet<'a>(
    location: &'a Location,
    excerpt: &'a Excerpt,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = line(&excerpt.text);
    let start = byte_of(&text, excerpt.column - 1);
    let end = byte_of(&text, excerpt.column - 1 + excerpt.width);
    Snippet::source(text)
        .line_start(excerpt.line)
        .path(line(&location.file))
        .fold(false)
        .annotation(AnnotationKind::Primary.span(start..end))
}

/// The byte at which the given character begins, or the end of the line.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(byte, _)| byte)
}

const fn style(level: Level) -> Style<'static> {
    match level {
        Level::Error => Style::ERROR,
        Level::Warning => Style::WARNING,
        Level::Info => Style::INFO,
    }
}

/// Text that can't move the cursor: control characters of a document never reach a terminal.
fn line(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' => character,
            character if character.is_control() => '\u{fffd}',
            // These turn the direction of writing, and so what a reader believes stands there.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            character => character,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Span};

    #[test]
    fn the_source_line_is_marked_at_its_columns() {
        let text = to_text(&crate::render::example(), false);
        let expected = "\
info[DOC-001]: nothing here

warning[DR-016]: no persistence
--> berth.nix: registry.storage

error[K-014]: unknown field `drivr`
 --> berth.yaml:5:5
  |
5 |     drivr: ***
  |     ^^^^^
  |
  = help: did you mean `driver`?

1 error, 1 warning, 1 remark
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_control_character_never_reaches_the_terminal() {
        let finding = Finding::new(Code::new("T-001"), Level::Error, "a\u{1b}[2Jb")
            .at(Location::span("x\u{7}.yaml", Span::on_line(1, 1, 1)));
        let text = to_text(&Report::new([finding]), false);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text}");
    }

    #[test]
    fn colour_is_off_unless_asked_for() {
        assert!(!to_text(&crate::render::example(), false).contains('\u{1b}'));
        assert!(to_text(&crate::render::example(), true).contains('\u{1b}'));
    }

    #[test]
    fn a_mark_beyond_the_line_stays_on_the_line() {
        let finding = Finding::new(Code::new("T-001"), Level::Error, "text")
            .at(Location::span("a.yaml", Span::on_line(1, 9, 9)))
            .excerpt(Excerpt {
                line: 1,
                text: "häh".to_owned(),
                column: 9,
                width: 9,
            });
        assert!(to_text(&Report::new([finding]), false).contains("häh"));
    }
}
