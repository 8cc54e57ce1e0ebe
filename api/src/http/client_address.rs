//! Who asks, when a proxy stands in between. Only proxies that the configuration names are believed.

use std::net::IpAddr;

use ipnet::IpNet;
use poem::http::HeaderMap;

/// The client's address: the peer's, or, when the peer is trusted, the last entry of `X-Forwarded-For` that no trusted
/// proxy wrote about another. What stands further left can be invented by anybody and is not looked at.
pub(super) fn resolve(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer.to_canonical();
    let mut entries = Vec::new();
    for value in headers.get_all("x-forwarded-for") {
        // A value that is not text hides what its proxy wrote: nothing to its left can be trusted.
        match value.to_str() {
            Ok(text) => entries.extend(text.split(',').map(str::trim)),
            Err(_) => entries.push(""),
        }
    }
    for entry in entries.into_iter().rev() {
        if !is_trusted(&client) {
            break;
        }
        match parse(entry) {
            Some(address) => client = address,
            None => break,
        }
    }
    client
}

/// An address, with or without a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let address = entry
        .parse::<IpAddr>()
        .or_else(|_| entry.parse::<std::net::SocketAddr>().map(|socket| socket.ip()));
    let address = address.or_else(|_| entry.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>());
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderMap, HeaderValue};

    use super::resolve;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        headers.insert("x-real-ip", HeaderValue::from_static("6.6.6.6"));
        headers.insert("forwarded", HeaderValue::from_static("for=6.6.6.6"));
        resolve(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_it_is() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["10.0.0.1", "10.0.0.2"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_says_who_asked_it() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 10.0.0.7"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1", &["198.51.100.1", "fd00::1, 10.0.0.7"]),
            "198.51.100.1"
        );
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_client_invents_left_of_its_own_address_changes_nothing() {
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["10.9.9.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "nonsense, 10.0.0.7"]), "10.0.0.7");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, "]), "10.0.0.1");
    }
}
