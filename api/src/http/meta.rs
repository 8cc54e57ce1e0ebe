//! What is known of a request besides its content; resolvers find it in the request's data.

use std::net::{IpAddr, Ipv4Addr};

use poem::Request;
use uuid::Uuid;

/// What is known of a request besides its content. Deliberately little: no user agent, no header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestMeta {
    /// A random id, in the answer's `X-Request-Id`, in every error and in the log line.
    pub request_id: Uuid,
    /// Who asks, after trusted proxies. For limits and address ranges of tokens; never for a log line.
    pub client: IpAddr,
    /// Which door the request came through.
    pub channel: Channel,
}

/// Which door a request came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `/graphql`.
    Api,
    /// Anything else that is served: pages, webhooks, links in mails.
    Page,
}

impl RequestMeta {
    /// What the edge found out. Handlers can rely on it: every request passes through the edge.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().copied().unwrap_or(Self {
            request_id: Uuid::nil(),
            client: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            channel: Channel::Page,
        })
    }
}
