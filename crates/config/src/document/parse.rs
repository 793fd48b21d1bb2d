//! Text to trees: the events of the YAML parser, put together with a bound on what aliases may cost.

use std::collections::{HashMap, HashSet};

use berth_finding::Span;
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError};

use super::scalar::{Resolved, resolve};
use super::tree::{Entry, Node, Tree};

/// What one stream held.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// The documents that could be read, in order.
    pub(crate) roots: Vec<Node>,
    /// What kept others from being read; at most one a document.
    pub(crate) faults: Vec<Fault>,
}

/// Why a document can't be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// What the copies that aliases make may weigh in one source, in nodes (and 64 bytes of text as
/// one).
const ALIAS_BUDGET: usize = 20_000;

/// How many faults of one source are told, beside those within its documents.
pub(crate) const MAX_FAULTS: usize = 200;

/// Reads all documents of a stream. After a fault it goes on with the next document.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut parsed = Parsed::default();
    let mut builder = Builder {
        budget: ALIAS_BUDGET,
        ..Builder::default()
    };
    while let Some(event) = parser.next_event() {
        let step = event.map_err(|error| syntax(&error)).and_then(|(event, at)| {
            builder
                .take(event, span(at))
                .map(|root| parsed.roots.extend(root))
        });
        if let Err(fault) = step {
            parsed.faults.push(fault);
            builder = Builder {
                budget: builder.budget,
                ..Builder::default()
            };
            let is_full = parsed.faults.len() > MAX_FAULTS;
            if is_full || !matches!(parser.proceed_next_document(), Ok(true)) {
                break;
            }
        }
    }
    parsed
}

fn span(at: granit_parser::Span) -> Span {
    Span {
        line: at.start.line(),
        column: at.start.col() + 1,
        end_line: at.end.line(),
        end_column: at.end.col() + 1,
    }
}

fn syntax(error: &ScanError) -> Fault {
    let at = error.marker();
    Fault {
        code: "DOC-003",
        span: Span::on_line(at.line(), at.col() + 1, 1),
        message: format!("this is not YAML: {}", error.info()),
        help: None,
    }
}

#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    budget: usize,
}

struct Frame {
    start: Span,
    anchor: usize,
    collection: Collection,
}

enum Collection {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        key: Option<(String, Span)>,
    },
}

impl Builder {
    /// Takes an event; gives the document when that is whole.
    fn take(&mut self, event: Event<'_>, at: Span) -> Result<Option<Node>, Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                let plain = style == ScalarStyle::Plain;
                let Resolved::Tree(tree) = resolve(&text, plain, tag) else {
                    return Err(unknown_tag(at));
                };
                self.put(Node { span: at, tree }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(at, anchor, tag.as_deref(), Collection::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let map = Collection::Map {
                    entries: Vec::new(),
                    key: None,
                };
                self.open(at, anchor, tag.as_deref(), map)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn open(
        &mut self,
        start: Span,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        collection: Collection,
    ) -> Result<Option<Node>, Fault> {
        if tag.is_some_and(|tag| !matches!(tag.core_suffix(), Some("map" | "seq"))) {
            return Err(unknown_tag(start));
        }
        self.stack.push(Frame {
            start,
            anchor,
            collection,
        });
        Ok(None)
    }

    fn close(&mut self, end: Span) -> Result<Option<Node>, Fault> {
        let Some(frame) = self.stack.pop() else {
            return Ok(None);
        };
        let span = Span {
            end_line: end.end_line,
            end_column: end.end_column,
            ..frame.start
        };
        let tree = match frame.collection {
            Collection::List(nodes) => Tree::List(nodes),
            Collection::Map { entries, .. } => Tree::Map(merge(entries)),
        };
        self.put(Node { span, tree }, frame.anchor)
    }

    fn alias(&mut self, anchor: usize, at: Span) -> Result<Option<Node>, Fault> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(Fault {
                code: "DOC-005",
                span: at,
                message: "the alias stands within what it names".to_owned(),
                help: Some("write out what is meant".to_owned()),
            });
        };
        let weight = weight(node);
        // The copy stands where the alias does: that is the line to change.
        let node = Node {
            span: at,
            tree: node.tree.clone(),
        };
        self.spend(weight, at)?;
        self.put(node, 0)
    }

    /// A node is whole: it becomes part of what is open, or the document.
    fn put(&mut self, node: Node, anchor: usize) -> Result<Option<Node>, Fault> {
        if anchor != 0 {
            self.spend(weight(&node), node.span)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut().map(|frame| &mut frame.collection) {
            None => return Ok(Some(node)),
            Some(Collection::List(nodes)) => nodes.push(node),
            Some(Collection::Map { entries, key }) => match key.take() {
                Some((key, key_span)) => entries.push(Entry {
                    key,
                    key_span,
                    value: node,
                }),
                None => *key = Some(key_of(node)?),
            },
        }
        Ok(None)
    }

    fn spend(&mut self, weight: usize, at: Span) -> Result<(), Fault> {
        match self.budget.checked_sub(weight) {
            Some(rest) => {
                self.budget = rest;
                Ok(())
            }
            None => Err(Fault {
                code: "DOC-005",
                span: at,
                message: "the aliases stand for more than a document may hold".to_owned(),
                help: Some("write out what is meant, or split the document".to_owned()),
            }),
        }
    }
}

fn key_of(node: Node) -> Result<(String, Span), Fault> {
    let key = match node.tree {
        Tree::Text(text) | Tree::Number(text) => text,
        Tree::Boolean(value) => value.to_string(),
        Tree::Null => "null".to_owned(),
        Tree::List(_) | Tree::Map(_) => {
            return Err(Fault {
                code: "DOC-003",
                span: node.span,
                message: "a key is a list or a map".to_owned(),
                help: Some("keys are names; put text that begins with { or [ in quotes".to_owned()),
            });
        }
    };
    Ok((key, node.span))
}

/// Takes the entries of `<<` into the map, as YAML 1.1 does; what stands in the map itself wins.
fn merge(entries: Vec<Entry>) -> Vec<Entry> {
    if entries.iter().all(|entry| entry.key != "<<") {
        return entries;
    }
    let (merges, mut own): (Vec<Entry>, Vec<Entry>) = entries
        .into_iter()
        .partition(|entry| entry.key == "<<" && is_mergeable(&entry.value));
    let mut known: HashSet<String> = own.iter().map(|entry| entry.key.clone()).collect();
    for merge in merges {
        let maps = match merge.value.tree {
            Tree::List(nodes) => nodes,
            tree => vec![Node {
                span: merge.value.span,
                tree,
            }],
        };
        for map in maps {
            let Tree::Map(entries) = map.tree else { continue };
            for entry in entries {
                if known.insert(entry.key.clone()) {
                    own.push(entry);
                }
            }
        }
    }
    own
}

fn is_mergeable(node: &Node) -> bool {
    match &node.tree {
        Tree::Map(_) => true,
        Tree::List(nodes) => nodes.iter().all(|node| matches!(node.tree, Tree::Map(_))),
        _ => false,
    }
}

fn weight(node: &Node) -> usize {
    match &node.tree {
        Tree::Null | Tree::Boolean(_) => 1,
        Tree::Number(text) | Tree::Text(text) => 1 + text.len() / 64,
        Tree::List(nodes) => 1 + nodes.iter().map(weight).sum::<usize>(),
        Tree::Map(entries) => {
            1 + entries
                .iter()
                .map(|entry| 1 + entry.key.len() / 64 + weight(&entry.value))
                .sum::<usize>()
        }
    }
}

fn unknown_tag(span: Span) -> Fault {
    Fault {
        code: "DOC-003",
        span,
        message: "tags such as `!name` have no meaning here".to_owned(),
        help: Some("leave the tag out".to_owned()),
    }
}
