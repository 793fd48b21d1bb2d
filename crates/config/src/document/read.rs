//! Sources to documents: every fault of every source is found in one run.

use std::collections::HashMap;
use std::sync::Arc;

use berth_finding::{Finding, Level, Location, Span};

use super::codes;
use super::cost::CostAllocation;
use super::parse::{Fault, MAX_FAULTS, Parsed, parse};
use super::source::{Format, MAX_SOURCE_BYTES, Source};
use super::text::{Marks, SourceText};
use super::tree::{Node, Tree};
use super::{Document, envelope, nix_result};

/// What the sources hold: the documents that could be read, and what is wrong with them and with
/// the others.
#[derive(Debug, Default)]
pub struct Documents {
    /// The documents in the order of the sources.
    pub documents: Vec<Document>,
    /// What is wrong, at the levels of the catalog.
    pub findings: Vec<Finding>,
}

/// Reads all documents of all sources.
pub fn read(sources: &[Source]) -> Documents {
    let mut all = Documents::default();
    let mut costs = Vec::new();
    for source in sources {
        let (one, one_costs) = read_source(source);
        all.documents.extend(one.documents);
        all.findings.extend(one.findings);
        costs.extend(one_costs);
    }
    let duplicates = find_duplicates(&all.documents);
    all.findings.extend(duplicates);
    all.findings.extend(super::cost::allot(costs, &mut all.documents));
    all
}

/// A draft of a document: read, but its source text isn't there yet to place findings in.
pub(crate) struct Draft {
    pub(crate) document: Document,
    pub(crate) complaints: Vec<crate::section::Complaint>,
}

/// What a source held, before findings have places.
#[derive(Default)]
pub(crate) struct Drafts {
    pub(crate) read: Vec<Draft>,
    pub(crate) faults: Vec<(Fault, Option<String>)>,
    pub(crate) marks: Marks,
    pub(crate) costs: Vec<CostAllocation>,
}

fn read_source(source: &Source) -> (Documents, Vec<CostAllocation>) {
    let text = match text_of(source) {
        Ok(text) => text,
        Err(finding) => {
            let refused = Documents {
                documents: Vec::new(),
                findings: vec![*finding],
            };
            return (refused, Vec::new());
        }
    };
    let Parsed { roots, faults } = parse(&text);
    let mut drafts = Drafts::default();
    drafts
        .faults
        .extend(faults.into_iter().map(|fault| (fault, None)));
    if source.format == Format::EvaluatedNix {
        for root in &roots {
            nix_result::take(root, &mut drafts);
        }
    } else {
        for root in &roots {
            envelope::take(root, &mut drafts);
        }
    }
    if roots.iter().all(|root| root.tree == Tree::Null) && drafts.faults.is_empty() {
        drafts.faults.push((nothing_in_it(), None));
    }
    let mut costs = std::mem::take(&mut drafts.costs);
    for cost in &mut costs {
        cost.file.clone_from(&source.name);
    }
    (place(source, &text, drafts), costs)
}

fn nothing_in_it() -> Fault {
    Fault {
        code: "DOC-010",
        span: Span::on_line(1, 1, 1),
        message: "there is no document in it".to_owned(),
        help: Some("`berth init` writes one to begin with".to_owned()),
    }
}

/// The text in the form that the parser takes, column for column.
fn text_of(source: &Source) -> Result<String, Box<Finding>> {
    let refuse = |code: &'static str, location: Location, message: String, help: &str| {
        let finding = Finding::new(codes::code(code), Level::Error, message);
        Box::new(finding.at(location).help(help))
    };
    if source.bytes.len() > MAX_SOURCE_BYTES {
        let message = format!(
            "{} bytes are more than the {MAX_SOURCE_BYTES} that one file may have",
            source.bytes.len()
        );
        let whole = Location::whole(&source.name);
        return Err(refuse("DOC-004", whole, message, "split it into several files"));
    }
    let text = std::str::from_utf8(&source.bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&source.bytes[..error.valid_up_to()]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let at = Location::span(&source.name, Span::on_line(line, column, 1));
        refuse(
            "DOC-002",
            at,
            "this is not UTF-8".to_owned(),
            "save the file as UTF-8",
        )
    })?;
    if source.format == Format::Yaml {
        return Ok(text.to_owned());
    }
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let at = Span::on_line(error.line().max(1), error.column().max(1), 1);
        let message = format!("this is not JSON: {}", category(&error));
        let at = Location::span(&source.name, at);
        return Err(refuse(
            "DOC-003",
            at,
            message,
            "mend the JSON; no trailing commas, no comments",
        ));
    }
    // Between the tokens of JSON a tab is as good as a space, but not for a YAML parser.
    Ok(text.replace('\t', " "))
}

/// What is wrong with JSON, without the place (that stands apart) and without any of its text.
fn category(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        _ => "something here doesn't belong",
    }
}

fn too_many(faults: &[(Fault, Option<String>)]) -> (Fault, Option<String>) {
    let more = faults.len() - MAX_FAULTS;
    let fault = Fault {
        code: "DOC-013",
        message: format!("{more} or more further faults in this file aren't told"),
        help: Some("mend those that are, then check again".to_owned()),
        ..faults[MAX_FAULTS].0.clone()
    };
    (fault, None)
}

/// Gives every complaint its place and every document its source.
fn place(source: &Source, text: &str, drafts: Drafts) -> Documents {
    let lines = (source.format != Format::EvaluatedNix).then_some(text);
    let shown = Arc::new(SourceText::new(&source.name, lines, drafts.marks));
    let mut all = Documents::default();
    let mut faults = drafts.faults;
    let last = (faults.len() > MAX_FAULTS).then(|| too_many(&faults));
    faults.truncate(MAX_FAULTS);
    for (fault, attribute) in faults.into_iter().chain(last) {
        all.findings.push(place_fault(&shown, fault, attribute));
    }
    for Draft {
        mut document,
        complaints,
    } in drafts.read
    {
        document.source = Arc::clone(&shown);
        for complaint in complaints {
            document.complained.insert(complaint.path.clone());
            all.findings.push(document.place(complaint));
        }
        all.documents.push(document);
    }
    all
}

fn place_fault(shown: &SourceText, fault: Fault, attribute: Option<String>) -> Finding {
    let mut finding = Finding::new(codes::code(fault.code), codes::level(fault.code), fault.message);
    finding.help = fault.help;
    if shown.has_lines() {
        finding.excerpt = shown.excerpt(fault.span);
        finding.at(shown.location(fault.span))
    } else {
        let location = attribute.map_or_else(
            || Location::whole(shown.name()),
            |path| Location::attribute(shown.name(), path),
        );
        finding.at(location)
    }
}

/// Two documents of the same kind and name are one too many.
fn find_duplicates(documents: &[Document]) -> Vec<Finding> {
    let mut seen: HashMap<(crate::Kind, &str), &Document> = HashMap::new();
    let mut findings = Vec::new();
    for document in documents.iter().filter(|document| !document.name.is_empty()) {
        let Some(first) = seen.get(&(document.kind(), document.name.as_str())) else {
            seen.insert((document.kind(), &document.name), document);
            continue;
        };
        let message = format!(
            "there is another {} `{}`",
            document.kind().as_str(),
            document.name
        );
        let mut finding = document.finding("metadata.name", "DOC-009", message);
        finding.level = Level::Error;
        let first = first.finding("metadata.name", "DOC-009", "").location;
        let at = first.map(|location| location.to_string()).unwrap_or_default();
        findings.push(finding.help(format!("the other stands at {at}; rename or remove one")));
    }
    findings
}

/// One step further along a path.
pub(crate) fn attribute_path(prefix: &str, step: &str) -> String {
    if prefix.is_empty() || step.starts_with('[') {
        format!("{prefix}{step}")
    } else {
        format!("{prefix}.{step}")
    }
}

/// What lies at the end of a path, or as near to it as there is anything.
pub(crate) struct Descent<'a> {
    /// The node.
    pub(crate) node: &'a Node,
    /// The key, or the place in a list, that led to it; none where no step could be taken.
    pub(crate) span: Option<Span>,
    /// Whether it is the end of the path.
    pub(crate) found: bool,
}

/// Follows a path such as `a.b[0].c` below a node.
pub(crate) fn descend<'a>(node: &'a Node, path: &str) -> Descent<'a> {
    let mut descent = Descent {
        node,
        span: None,
        found: true,
    };
    for step in steps(path) {
        let next = match (&descent.node.tree, step) {
            (Tree::List(nodes), Step::Index(index)) => nodes.get(index).map(|node| (node, node.span)),
            (Tree::Map(_), Step::Key(name)) => descent
                .node
                .entry(name)
                .map(|entry| (&entry.value, entry.key_span)),
            _ => None,
        };
        let Some((node, span)) = next else {
            return Descent {
                found: false,
                ..descent
            };
        };
        descent = Descent {
            node,
            span: Some(span),
            found: true,
        };
    }
    descent
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The steps of `a.b[0].c`. A key with a dot in it is found as far as the dot.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split('.').flat_map(|part| {
        let (key, indexes) = part.split_once('[').unwrap_or((part, ""));
        let key = (!key.is_empty()).then_some(Step::Key(key));
        let indexes = indexes
            .split('[')
            .filter_map(|text| text.strip_suffix(']')?.parse().ok().map(Step::Index));
        key.into_iter().chain(indexes)
    })
}
