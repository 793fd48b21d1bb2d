use crate::value::{Parse, Refused};

/// A length of time as Go programs write it: `90s`, `1h30m`, `24h`, `1.5h`; never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Duration {
    nanoseconds: u128,
}

impl Duration {
    /// Whole seconds, rounded down.
    pub const fn seconds(self) -> u128 {
        self.nanoseconds / 1_000_000_000
    }

    /// Nanoseconds.
    pub const fn nanoseconds(self) -> u128 {
        self.nanoseconds
    }
}

/// The units, the longer names first where one begins as the other does.
const UNITS: [(&str, f64); 8] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
    ("d", 86400e9),
];

impl Parse for Duration {
    const WHAT: &'static str = "a duration such as 90s or 24h";
    const CODE: &'static str = "DOC-012";
    const EXAMPLES: &'static [&'static str] = &["90s", "48h"];

    fn parse(text: &str) -> Result<Self, Refused> {
        if text == "0" {
            return Ok(Self { nanoseconds: 0 });
        }
        let mut rest = text;
        let mut total = 0.0_f64;
        while !rest.is_empty() {
            let digits = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            let (number, tail) = rest.split_at(digits);
            let number: f64 = number.parse().map_err(|_| refused(text))?;
            let letters = tail
                .find(|c: char| c.is_ascii_digit() || c == '.')
                .unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(letters);
            let (name, size) = UNITS
                .iter()
                .find(|(name, _)| *name == unit)
                .ok_or_else(|| refused(text))?;
            if *name == "d" {
                return Err(
                    Refused::new("durations have no unit `d`").help(format!("write {}h", number * 24.0))
                );
            }
            total += number * size;
            rest = tail;
        }
        if text.is_empty() || !total.is_finite() || total > 1e20 {
            return Err(refused(text));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to lie between 0 and 1e20 just above"
        )]
        let nanoseconds = total.round() as u128;
        Ok(Self { nanoseconds })
    }
}

fn refused(text: &str) -> Refused {
    let refused = Refused::new(format!("`{text}` is not a duration"));
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        refused.help(format!("say the unit: {text}s, {text}m or {text}h"))
    } else {
        refused.help("a number and a unit of ms, s, m or h, such as 90s, 1h30m or 24h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        assert_eq!(Duration::parse("1h30m").map(Duration::seconds), Ok(5400));
        assert_eq!(Duration::parse("1.5h").map(Duration::seconds), Ok(5400));
        assert_eq!(Duration::parse("168h").map(Duration::seconds), Ok(604_800));
        assert_eq!(Duration::parse("10ms").map(Duration::nanoseconds), Ok(10_000_000));
    }

    #[test]
    fn a_bare_number_and_days_get_a_hint() {
        assert_eq!(
            Duration::parse("30").unwrap_err().help.unwrap(),
            "say the unit: 30s, 30m or 30h"
        );
        assert_eq!(Duration::parse("7d").unwrap_err().help.unwrap(), "write 168h");
        for wrong in ["", "h", "-5s", "5 s", "1e9s", "..s", "5x"] {
            assert!(Duration::parse(wrong).is_err(), "{wrong}");
        }
    }
}
