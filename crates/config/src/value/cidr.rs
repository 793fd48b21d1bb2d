use std::net::IpAddr;

use crate::value::{Parse, Refused};

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cidr {
    address: IpAddr,
    bits: u8,
}

impl Cidr {
    /// The address as written.
    pub const fn address(self) -> IpAddr {
        self.address
    }

    /// How many leading bits count.
    pub const fn bits(self) -> u8 {
        self.bits
    }
}

impl Parse for Cidr {
    const WHAT: &'static str = "a range of addresses such as 10.0.0.0/8";
    const CODE: &'static str = "DOC-012";
    const EXAMPLES: &'static [&'static str] = &["10.0.0.0/8", "192.168.0.0/16"];

    fn parse(text: &str) -> Result<Self, Refused> {
        let refused = || {
            Refused::new(format!("`{text}` is not a range of addresses"))
                .help("an address and its bits, such as 10.0.0.0/8; /32 for a single one")
        };
        let (address, bits) = text.split_once('/').ok_or_else(refused)?;
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits
            .parse()
            .ok()
            .filter(|bits| *bits <= most)
            .ok_or_else(refused)?;
        Ok(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_families_are_ranges_and_a_bare_address_is_not() {
        assert_eq!(Cidr::parse("10.0.0.0/8").map(Cidr::bits), Ok(8));
        assert_eq!(Cidr::parse("2001:db8::/32").map(Cidr::bits), Ok(32));
        for wrong in ["10.0.0.1", "10.0.0.0/33", "a/8", "::/129", ""] {
            assert!(Cidr::parse(wrong).is_err(), "{wrong}");
        }
    }
}
