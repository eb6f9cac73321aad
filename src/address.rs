//! IP addresses as texts. The parser of the standard library, which reads socket addresses as well, weighs twice as much
//! in the wasm.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::find;

/// The address that a text is, as [`str::parse`] reads it.
pub fn read(text: &str) -> Option<IpAddr> {
    if text.contains(':') { read_v6(text).map(IpAddr::V6) } else { read_v4(text).map(IpAddr::V4) }
}

fn read_v4(text: &str) -> Option<Ipv4Addr> {
    let (mut address, mut bytes) = (0, 0);
    for part in text.split('.') {
        let byte = number(part, 10, 3).filter(|byte| *byte < 256 && (part.len() == 1 || !part.starts_with('0')))?;
        address = (address << 8) | byte;
        bytes += 1;
    }
    (bytes == 4).then(|| address.into())
}

/// The address that a text is, without brackets and zone (RFC 4291, section 2.2).
pub fn read_v6(text: &str) -> Option<Ipv6Addr> {
    let (head, tail) = find::split_once(text, "::").map_or((text, None), |(head, tail)| (head, Some(tail)));
    let mut groups = [0; 8];
    let before = groups_of(head, tail.is_none(), &mut groups)?;
    if let Some(tail) = tail {
        // `::` stands for one group at least.
        let rest = &mut groups[before.min(7) + 1..];
        let behind = groups_of(tail, true, rest)?;
        rest.rotate_right(rest.len() - behind);
    } else if before < 8 {
        return None;
    }
    (before < 8 || tail.is_none()).then(|| groups.into())
}

/// Reads groups with colons between them, and says how many there are. The last two may be an IPv4 address.
fn groups_of(text: &str, is_end: bool, groups: &mut [u16]) -> Option<usize> {
    let mut count = 0;
    if text.is_empty() {
        return Some(0);
    }
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next() {
        if is_end && parts.peek().is_none() && part.contains('.') {
            let [a, b, c, d] = read_v4(part)?.octets();
            *groups.get_mut(count)? = u16::from_be_bytes([a, b]);
            *groups.get_mut(count + 1)? = u16::from_be_bytes([c, d]);
            count += 2;
        } else {
            *groups.get_mut(count)? = u16::try_from(number(part, 16, 4)?).ok()?;
            count += 1;
        }
    }
    Some(count)
}

/// A number of up to so many digits.
fn number(text: &str, radix: u32, most: usize) -> Option<u32> {
    if text.is_empty() || text.len() > most {
        return None;
    }
    text.chars().try_fold(0, |number, digit| Some(number * radix + digit.to_digit(radix)?))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use proptest::prelude::*;

    use super::*;

    fn compare(text: &str) -> Result<(), TestCaseError> {
        prop_assert_eq!(read(text), text.parse().ok(), "{}", text);
        prop_assert_eq!(read_v6(text), text.parse::<Ipv6Addr>().ok(), "{}", text);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn addresses_are_read_as_the_standard_library_reads_them(
            v4 in "([0-9]{1,3}\\.){3}[0-9]{1,4}",
            v6 in "::?|([0-9aF]{1,4}::?){1,8}([0-9aF]{1,5}|1\\.2\\.3\\.4)?",
            odd in "[01:.+af]{0,20}",
            (before, behind) in (0..9_usize, 0..9_usize),
            address in any::<u128>().prop_map(Ipv6Addr::from),
        ) {
            compare(&v4)?;
            compare(&v6)?;
            compare(&format!("{v6}{v4}"))?;
            compare(&odd)?;
            compare(&format!("{}::{}", vec!["1"; before].join(":"), vec!["2"; behind].join(":")))?;
            compare(&address.to_string())?;
        }
    }
}
