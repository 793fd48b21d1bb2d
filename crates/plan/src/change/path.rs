use std::fmt;

/// Where a field stands in an object: `spec.containers[registry].image`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Path(Vec<Step>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Field(String),
    Item(String),
}

impl Path {
    pub(super) fn field(&self, name: &str) -> Self {
        self.and(Step::Field(name.to_owned()))
    }

    pub(super) fn item(&self, key: &str) -> Self {
        self.and(Step::Item(key.to_owned()))
    }

    /// The names of the fields and items from the top.
    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.0.iter().map(|step| match step {
            Step::Field(name) | Step::Item(name) => name.as_str(),
        });
        names.collect()
    }

    /// The last field's name.
    pub(super) fn last_field(&self) -> &str {
        let fields = self.0.iter().rev().find_map(|step| match step {
            Step::Field(name) => Some(name.as_str()),
            Step::Item(_) => None,
        });
        fields.unwrap_or_default()
    }

    fn and(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if is_plain(name) => {
                    let dot = if index > 0 { "." } else { "" };
                    write!(f, "{dot}{name}")?;
                }
                Step::Field(name) | Step::Item(name) => write!(f, "[{name}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a name can stand between dots.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hold_dots_or_dashes_stand_in_brackets() {
        let path = Path::default()
            .field("metadata")
            .field("annotations")
            .field("berth.dev/x");
        assert_eq!(path.to_string(), "metadata.annotations[berth.dev/x]");
        let path = Path::default()
            .field("containers")
            .item("registry")
            .field("image");
        assert_eq!(path.to_string(), "containers[registry].image");
        assert_eq!(path.last_field(), "image");
    }
}
