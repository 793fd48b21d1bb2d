/// Whether a field is of the compatible core of the builders or stands beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layer {
    /// Of the builders: always in their result.
    Core,
    /// Berth's own: in the result when it is given.
    Extension,
}

/// The fields of a section.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The name of the section's type.
    pub name: &'static str,
    /// What the section is.
    pub doc: &'static str,
    /// Its fields in order.
    pub fields: &'static [Field],
}

/// One field of a section.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name as written in documents.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Core or extension.
    pub layer: Layer,
    /// What it holds.
    pub value: ValueType,
    /// The least and the greatest number, where it holds one.
    pub range: Option<(i64, i64)>,
    /// The code of the finding for a value of a wrong form, where it isn't that of the type.
    pub code: Option<&'static str>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum ValueType {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Text, parsed or not.
    Text {
        /// What it is, with its article.
        what: &'static str,
        /// The whole choice, where there is one.
        choices: &'static [&'static str],
        /// Some right ones; none for text of any form.
        examples: &'static [&'static str],
        /// Whether a number is taken as well.
        numbers: bool,
        /// The code of the finding for a wrong one; empty where nothing is wrong.
        code: &'static str,
    },
    /// A secret; never shown.
    Secret,
    /// Text that is never shown, as it may be a secret all the same.
    Private,
    /// An [`Exemption`](crate::value::Exemption).
    Exemption,
    /// Values of one sort in order.
    List(&'static ValueType),
    /// Values of one sort by name.
    Map(&'static ValueType),
    /// Another section.
    Section(&'static Shape),
    /// Anything, as the product takes it; treated as secret wherever it might be shown.
    Free,
}

impl Shape {
    /// The field of this name.
    ///
    /// # Panics
    /// When there is none: the name comes from the same declaration.
    pub fn field(&self, name: &str) -> &'static Field {
        self.lookup(name).expect("the section declares the field")
    }

    /// The field of this name, where there is one.
    pub fn lookup(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// The meaning as one paragraph.
    pub fn meaning(&self) -> String {
        paragraph(self.doc)
    }
}

impl Shape {
    /// The meaning as one paragraph.
    pub fn meaning(&self) -> String {
        paragraph(self.doc)
    }
}

fn paragraph(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
