use granit_parser::Tag;

use super::tree::Tree;

/// What a scalar is.
pub(crate) enum Resolved {
    Tree(Tree),
    /// It has a tag that means nothing here.
    UnknownTag,
}

/// Tells what a scalar is by the core schema of YAML 1.2: `yes` and `2026-01-01` are text. Quoted
/// text is text.
pub(crate) fn resolve(text: &str, plain: bool, tag: Option<&Tag>) -> Resolved {
    match tag.map(Tag::core_suffix) {
        None if plain => Resolved::Tree(resolve_plain(text)),
        None | Some(Some("str")) => Resolved::Tree(Tree::Text(text.to_owned())),
        Some(Some("int" | "float" | "bool" | "null")) => Resolved::Tree(resolve_plain(text)),
        Some(_) => Resolved::UnknownTag,
    }
}

fn resolve_plain(text: &str) -> Tree {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Tree::Null,
        "true" | "True" | "TRUE" => Tree::Boolean(true),
        "false" | "False" | "FALSE" => Tree::Boolean(false),
        _ if is_number(text) => Tree::Number(text.to_owned()),
        _ => Tree::Text(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = text.strip_prefix("0x") {
        return !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(rest) = text.strip_prefix("0o") {
        return !rest.is_empty() && rest.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)));
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    };
    exponent_fits && mantissa_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_dates_stay_text() {
        for text in [
            "yes",
            "no",
            "on",
            "2026-01-01",
            "1.2.3",
            "1_000",
            "12:30",
            "-",
            "e3",
            ".",
            "0x",
        ] {
            assert!(matches!(resolve_plain(text), Tree::Text(_)), "{text}");
        }
        for text in ["0", "-1", "2.8", "1e3", "0x1F", "0o17", ".5", "5.", "-.inf", "+7"] {
            assert!(matches!(resolve_plain(text), Tree::Number(_)), "{text}");
        }
    }
}
