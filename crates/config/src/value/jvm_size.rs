use crate::value::{Parse, Refused};

/// A size as the Java machine takes it after `-Xmx`: `1024m`, `2g`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct JvmSize {
    bytes: u128,
}

impl JvmSize {
    /// Bytes.
    pub const fn bytes(self) -> u128 {
        self.bytes
    }
}

impl Parse for JvmSize {
    const WHAT: &'static str = "a Java size such as 1024m or 2g";
    const CODE: &'static str = "NX-010";
    const EXAMPLES: &'static [&'static str] = &["1536m", "3g"];

    fn parse(text: &str) -> Result<Self, Refused> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let shift = match suffix {
            "k" | "K" => 10,
            "m" | "M" => 20,
            "g" | "G" => 30,
            _ => return Err(refused(text, number, suffix)),
        };
        if number.is_empty() || number.starts_with('0') || number.len() > 12 {
            return Err(refused(text, number, suffix));
        }
        let number: u128 = number.parse().map_err(|_| refused(text, number, suffix))?;
        Ok(Self {
            bytes: number << shift,
        })
    }
}

fn refused(text: &str, number: &str, suffix: &str) -> Refused {
    let refused = Refused::new(format!("`{text}` is not a Java size"));
    let right = match suffix.to_ascii_lowercase().chars().next() {
        Some(letter @ ('k' | 'm' | 'g')) if !number.is_empty() => letter,
        _ => return refused.help("a number and one of k, m or g, such as 1024m"),
    };
    refused.help(format!(
        "did you mean `{number}{right}`? Java knows no `{suffix}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_exact() {
        assert_eq!(JvmSize::parse("1024m"), JvmSize::parse("1G"));
        assert_eq!(JvmSize::parse("512k").map(JvmSize::bytes), Ok(512 << 10));
    }

    #[test]
    fn the_suffixes_of_kubernetes_get_a_hint() {
        let refused = JvmSize::parse("1024Mi").unwrap_err();
        assert_eq!(refused.help.unwrap(), "did you mean `1024m`? Java knows no `Mi`");
        for wrong in ["", "m", "0m", "12", "1.5g", "-1m", "9999999999999m"] {
            assert!(JvmSize::parse(wrong).is_err(), "{wrong}");
        }
    }
}
