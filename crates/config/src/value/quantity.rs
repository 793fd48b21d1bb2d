use crate::value::{Parse, Refused};

/// A Kubernetes quantity: `100m`, `0.5`, `512Mi`, `1e3`, `10G`; never negative here.
///
/// Kept in thousandths, as the suffix `m` means a thousandth: of a core for cpu, of a byte for
/// memory, which nobody wants (K-004 says so).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Quantity {
    thousandths: u128,
    milli: bool,
}

impl Quantity {
    /// Millicores, when it is an amount of cpu.
    pub const fn millicores(self) -> u128 {
        self.thousandths
    }

    /// Bytes, rounded up, when it is an amount of memory or storage.
    pub const fn bytes(self) -> u128 {
        self.thousandths.div_ceil(1000)
    }

    /// Whether it was written with the suffix `m`.
    pub const fn is_milli(self) -> bool {
        self.milli
    }
}

/// Suffixes and how many thousandths one of them is.
const SUFFIXES: [(&str, u128); 15] = [
    ("m", 1),
    ("", 1000),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000_000),
    ("Ki", 1000 << 10),
    ("Mi", 1000 << 20),
    ("Gi", 1000 << 30),
    ("Ti", 1000 << 40),
    ("Pi", 1000 << 50),
    ("Ei", 1000 << 60),
    // Not in the list of suffixes, but the decimal exponent of `1e3` and `1E3`.
    ("e", 0),
];

impl Parse for Quantity {
    const WHAT: &'static str = "a quantity such as 500m, 512Mi or 10Gi";
    const CODE: &'static str = "K-004";
    const EXAMPLES: &'static [&'static str] = &["750m", "3Gi"];
    const NUMBERS: bool = true;

    fn parse(text: &str) -> Result<Self, Refused> {
        let number = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, suffix) = text.split_at(number);
        let (scale, exponent) = scale(suffix).ok_or_else(|| refused(text, number, suffix))?;
        let thousandths = decimal(number, scale, exponent).ok_or_else(|| refused(text, number, suffix))?;
        Ok(Self {
            thousandths,
            milli: suffix == "m",
        })
    }
}

/// Thousandths for one of the suffix, and a decimal exponent.
fn scale(suffix: &str) -> Option<(u128, u32)> {
    let exponent = suffix.strip_prefix(['e', 'E']);
    if let Some(exponent) = exponent.filter(|rest| !matches!(*rest, "" | "i")) {
        let exponent: u32 = exponent.parse().ok().filter(|exponent| *exponent <= 18)?;
        return Some((1000, exponent));
    }
    SUFFIXES
        .iter()
        .find(|(name, size)| *name == suffix && *size > 0)
        .map(|(_, size)| (*size, 0))
}

fn decimal(number: &str, scale: u128, exponent: u32) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > 24 || fraction.contains('.') {
        return None;
    }
    let places = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let value: u128 = digits.parse().ok()?;
    Some(
        value
            .checked_mul(scale)?
            .checked_mul(10_u128.checked_pow(exponent)?)?
            .div_ceil(places),
    )
}

fn refused(text: &str, number: &str, suffix: &str) -> Refused {
    let refused = Refused::new(format!("`{text}` is not a Kubernetes quantity"));
    let right = match suffix.to_ascii_lowercase().as_str() {
        "k" | "kb" | "kib" | "ki" => "Ki",
        "mb" | "mib" | "mi" => "Mi",
        "g" | "gb" | "gib" | "gi" => "Gi",
        "t" | "tb" | "tib" | "ti" => "Ti",
        _ => return refused.help("such as 500m (cpu) or 512Mi (memory)"),
    };
    refused.help(format!("did you mean `{number}{right}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(Quantity::parse("1000m").map(Quantity::millicores), Ok(1000));
        assert_eq!(Quantity::parse("0.5").map(Quantity::millicores), Ok(500));
        assert_eq!(Quantity::parse("512Mi").map(Quantity::bytes), Ok(512 << 20));
        assert_eq!(Quantity::parse("1.5Gi").map(Quantity::bytes), Ok(3 << 29));
        assert_eq!(Quantity::parse("1e3").map(Quantity::bytes), Ok(1000));
        assert_eq!(Quantity::parse("2Ei").map(Quantity::bytes), Ok(2 << 60));
        assert_eq!(
            Quantity::parse("2E").map(Quantity::bytes),
            Ok(2 * 10_u128.pow(18))
        );
        assert_eq!(Quantity::parse("2G").map(Quantity::bytes), Ok(2_000_000_000));
    }

    #[test]
    fn thousandths_of_a_byte_can_be_told() {
        let quantity = Quantity::parse("2048m").unwrap();
        assert!(quantity.is_milli());
        assert_eq!(quantity.bytes(), 3);
    }

    #[test]
    fn a_near_miss_gets_the_right_suffix() {
        assert_eq!(
            Quantity::parse("512MB").unwrap_err().help.unwrap(),
            "did you mean `512Mi`?"
        );
        assert_eq!(
            Quantity::parse("1g").unwrap_err().help.unwrap(),
            "did you mean `1Gi`?"
        );
        for wrong in [
            "",
            "Mi",
            "-1",
            "1 Gi",
            "1.2.3",
            "1e99",
            "9999999999999999999999999E",
        ] {
            assert!(Quantity::parse(wrong).is_err(), "{wrong}");
        }
    }
}
