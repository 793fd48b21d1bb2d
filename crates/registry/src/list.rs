//! Lists, a page at a time.

pub(crate) mod repositories;
pub(crate) mod tags;

use crate::route::PageQuery;

/// The most entries that one page holds, whatever was asked for.
pub(crate) const PAGE_LIMIT: usize = 1000;

/// One page of names.
pub(crate) struct Names {
    pub(crate) names: Vec<String>,
    /// Entries a page, to be asked for again; `None` where this page is the last one.
    pub(crate) next: Option<usize>,
}

impl Names {
    /// `n=0` asks for nothing, and nothing comes after that.
    fn cut<T: ToString>(page: &PageQuery, entries: &[T], more: bool) -> Self {
        if page.n == Some(0) {
            return Self {
                names: Vec::new(),
                next: None,
            };
        }
        Self {
            names: entries.iter().map(T::to_string).collect(),
            next: more.then(|| page_limit(page)),
        }
    }
}

fn page_limit(page: &PageQuery) -> usize {
    page.n.unwrap_or(PAGE_LIMIT).clamp(1, PAGE_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Class 15: a client's number is never the size of anything here.
    #[test]
    fn a_page_holds_a_thousand_at_most() {
        let limit = |n: Option<usize>| page_limit(&PageQuery { n, last: None });
        for (n, expected) in [
            (None, 1000),
            (Some(7), 7),
            (Some(1000), 1000),
            (Some(1001), 1000),
            (Some(usize::MAX), 1000),
        ] {
            assert_eq!(limit(n), expected, "{n:?}");
        }
    }

    #[test]
    fn the_next_page_asks_for_as_many_as_this_one_may_hold() {
        let page = PageQuery {
            n: Some(5000),
            last: None,
        };
        assert_eq!(Names::cut(&page, &["a"], true).next, Some(1000));
        assert_eq!(Names::cut(&page, &["a"], false).next, None);
    }
}
