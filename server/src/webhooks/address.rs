//! Where deliveries may go. Whoever may enter an address of an endpoint must not reach by it what only this machine
//! reaches: its own services, the network that it stands in, what a cloud tells its machines about themselves.
//!
//! What counts is the address that a connection is made to, and not the name that it was entered by. So a name is resolved
//! once for each attempt, what it resolves to is held against this list, and the connection is made to exactly that.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

/// The longest address, in characters.
pub const LONGEST_URL: usize = 2_000;

/// What an operator allows beside what is public.
#[derive(Clone, Debug, Default)]
pub struct Allowed(Vec<IpNet>);

/// Why nothing is delivered to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no address of the web.
    #[error("This is no web address. Enter one like https://example.org/hook.")]
    NoUrl,
    /// It is too long.
    #[error("This address is too long. It takes {LONGEST_URL} characters at most.")]
    Long,
    /// A name and a password stand in it.
    #[error(
        "A name or password stands in this address. Leave it out: deliveries are signed, and the receiver checks the signature."
    )]
    Login,
    /// It goes another way than by HTTPS.
    #[error(
        "Deliveries go by https://. Plain http:// is for addresses inside your own network that whoever runs the server has allowed (--webhooks-to)."
    )]
    Plain,
    /// It leads inside.
    #[error(
        "This address leads to a private or reserved network, where nothing is delivered. Whoever runs the server can allow it (--webhooks-to)."
    )]
    Private,
}

impl Allowed {
    /// These networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether an operator has allowed this address by name of its network.
    pub fn names(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether a connection may be made to this address; without TLS only to where an operator has allowed it.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, address: IpAddr, is_https: bool) -> Result<(), Unfit> {
        let address = address.to_canonical();
        match (self.names(address), is_https) {
            (true, _) => Ok(()),
            (false, _) if !is_public(address) => Err(Unfit::Private),
            (false, false) => Err(Unfit::Plain),
            (false, true) => Ok(()),
        }
    }
}

/// Reads the address of an endpoint, as far as that can be judged without asking for its name.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str, allowed: &Allowed) -> Result<Url, Unfit> {
    let text = text.trim();
    if text.chars().count() > LONGEST_URL {
        return Err(Unfit::Long);
    }
    let url = Url::parse(text).map_err(|_| Unfit::NoUrl)?;
    let is_https = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err(Unfit::NoUrl),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Unfit::Login);
    }
    // A fragment never leaves whoever calls: somebody has copied what they did not mean.
    if url.fragment().is_some() {
        return Err(Unfit::NoUrl);
    }
    match url.host() {
        None | Some(Host::Domain("")) => return Err(Unfit::NoUrl),
        Some(Host::Ipv4(address)) => allowed.may(address.into(), is_https)?,
        Some(Host::Ipv6(address)) => allowed.may(address.into(), is_https)?,
        Some(Host::Domain(_)) if !is_https && allowed.0.is_empty() => return Err(Unfit::Plain),
        Some(Host::Domain(_)) => {}
    }
    Ok(url)
}

/// Whether an address belongs to the network that everybody shares (the registries of special addresses, RFC 6890, as of
/// 2025, and multicast).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = address.is_private()
        || address.is_loopback()
        // Where clouds tell machines about themselves, keys included.
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        // Behind a provider's translation.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        // The way from IPv6 that used to be.
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // An address of IPv4 that is translated on the way (RFC 6052) is what it is translated to.
    if segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // What is given out to everybody is 2000::/3; the rest is local, a translation, or not in use.
    let is_global = segments[0] & 0xe000 == 0x2000;
    let reserved = match segments[0] {
        // Teredo, benchmarks, ORCHID and what else stands under 2001::/23; documentation.
        0x2001 => segments[1] < 0x0200 || segments[1] == 0x0db8,
        // 6to4: an address of IPv4 in disguise.
        0x2002 => true,
        // Documentation.
        0x3fff => segments[1] < 0x1000,
        _ => false,
    };
    is_global && !reserved
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const INSIDE: [&str; 36] = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "fd00:ec2::254",
    ];

    #[test]
    fn what_is_inside_is_not_called() {
        for text in INSIDE {
            let address: IpAddr = text.parse().unwrap();
            for is_https in [true, false] {
                assert_eq!(Allowed::default().may(address, is_https), Err(Unfit::Private), "{text}");
            }
        }
        for text in [
            "1.1.1.1",
            "100.63.255.255",
            "172.32.0.1",
            "8.8.8.8",
            "2606:4700::1111",
            "64:ff9b::808:808",
            "::ffff:8.8.8.8",
        ] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(Allowed::default().may(address, true), Ok(()), "{text}");
            assert_eq!(Allowed::default().may(address, false), Err(Unfit::Plain), "{text}");
        }
    }

    #[test]
    fn what_an_operator_names_is_called_in_whatever_spelling() {
        let allowed = Allowed::new(vec!["10.1.0.0/16".parse().unwrap(), "fd12::/16".parse().unwrap()]);
        for text in ["10.1.2.3", "::ffff:10.1.2.3", "fd12::9"] {
            assert_eq!(allowed.may(text.parse().unwrap(), false), Ok(()), "{text}");
        }
        for text in ["10.2.0.1", "127.0.0.1", "169.254.169.254", "fd13::1"] {
            assert_eq!(allowed.may(text.parse().unwrap(), true), Err(Unfit::Private), "{text}");
        }
    }

    #[test]
    fn an_address_is_judged_however_it_is_written() {
        let none = Allowed::default();
        for (text, why) in [
            ("https://127.0.0.1/", Unfit::Private),
            ("https://2130706433/", Unfit::Private),
            ("https://0x7f.1/", Unfit::Private),
            ("https://0177.0.0.1:8080/", Unfit::Private),
            ("https://[::ffff:169.254.169.254]/latest", Unfit::Private),
            ("https://[fe80::1]/", Unfit::Private),
            ("http://example.org/", Unfit::Plain),
            ("http://1.1.1.1/", Unfit::Plain),
            ("https://ana:secret@example.org/", Unfit::Login),
            ("https://ana@example.org/", Unfit::Login),
            ("ftp://example.org/", Unfit::NoUrl),
            ("file:///etc/passwd", Unfit::NoUrl),
            ("https://", Unfit::NoUrl),
            ("https://example.org/#here", Unfit::NoUrl),
            ("example.org/hook", Unfit::NoUrl),
            ("", Unfit::NoUrl),
        ] {
            assert_eq!(parse(text, &none), Err(why), "{text}");
        }
        assert_eq!(parse(&format!("https://example.org/{}", "x".repeat(2_000)), &none), Err(Unfit::Long));
        let url = parse(" https://bücher.example/hook?key=1 ", &none).unwrap();
        assert_eq!(url.as_str(), "https://xn--bcher-kva.example/hook?key=1");
        let allowed = Allowed::new(vec!["127.0.0.0/8".parse().unwrap()]);
        assert!(parse("http://127.0.0.1:9000/hook", &allowed).is_ok());
        assert!(
            parse("http://inside.example/hook", &allowed).is_ok(),
            "its name is looked up when it is called"
        );
    }
}
