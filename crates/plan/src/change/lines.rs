use similar::{ChangeTag, TextDiff};

/// A line of a text's change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// It was there and stays; shown to find one's way.
    Same(String),
    /// It goes.
    Removed(String),
    /// It comes.
    Added(String),
    /// So many lines that stay are left out here.
    Omitted(usize),
}

/// How many lines that stay are shown around those that change.
const CONTEXT: usize = 2;

/// How a text changes, line by line, with a few lines around.
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut all: Vec<Line> = Vec::new();
    for change in diff.iter_all_changes() {
        let text = change.value().trim_end_matches('\n').to_owned();
        all.push(match change.tag() {
            ChangeTag::Equal => Line::Same(text),
            ChangeTag::Delete => Line::Removed(text),
            ChangeTag::Insert => Line::Added(text),
        });
    }
    shortened(all)
}

fn shortened(all: Vec<Line>) -> Vec<Line> {
    let changed: Vec<bool> = all.iter().map(|line| !matches!(line, Line::Same(_))).collect();
    let is_near = |index: usize| {
        let from = index.saturating_sub(CONTEXT);
        let to = (index + CONTEXT + 1).min(changed.len());
        changed[from..to].contains(&true)
    };
    let mut short = Vec::new();
    for (index, line) in all.into_iter().enumerate() {
        if is_near(index) {
            short.push(line);
        } else if let Some(Line::Omitted(count)) = short.last_mut() {
            *count += 1;
        } else {
            short.push(Line::Omitted(1));
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_and_a_little_around_it_is_told() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        let after = "a\nb\nc\nD\ne\nf\ng\n";
        let expected = [
            Line::Omitted(1),
            Line::Same("b".to_owned()),
            Line::Same("c".to_owned()),
            Line::Removed("d".to_owned()),
            Line::Added("D".to_owned()),
            Line::Same("e".to_owned()),
            Line::Same("f".to_owned()),
            Line::Omitted(1),
        ];
        assert_eq!(lines(before, after), expected);
    }
}
