//! Which of the two media types a caller wants its answer in.

use poem::http::HeaderMap;
use poem::http::header::ACCEPT;

use super::super::code::Media;

/// The best of what the caller accepts and we can write; `None` when there is nothing.
///
/// Without a header, and for wildcards, the answer is `application/json`, which every client reads.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let mut values = headers.get_all(ACCEPT).iter().peekable();
    if values.peek().is_none() {
        return Some(Media::Json);
    }
    let mut best: Option<(f32, u8, Media)> = None;
    let mut refused = Vec::new();
    let ranges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for range in ranges.filter(|range| !range.trim().is_empty()) {
        let Some((media, specific, quality)) = parse(range) else {
            continue;
        };
        if quality <= 0.0 {
            refused.push((media, specific));
            continue;
        }
        // The first of equals wins, and a named type wins over a wildcard of the same quality.
        let wins = best.is_none_or(|(most, how, _)| quality > most || (quality == most && specific > how));
        if wins {
            best = Some((quality, specific, media));
        }
    }
    let (_, specific, media) = best?;
    // `*/*, application/json;q=0`: what a wildcard offers, a name can take away.
    let taken = refused.iter().any(|(other, how)| *other == media && *how > specific);
    if taken {
        refused
            .iter()
            .all(|(other, _)| *other == media)
            .then_some(other_than(media))
    } else {
        Some(media)
    }
}

fn other_than(media: Media) -> Media {
    match media {
        Media::Json => Media::GraphqlResponse,
        Media::GraphqlResponse => Media::Json,
    }
}

/// One range: what it means to us, how specific it is, how much it is wanted.
fn parse(range: &str) -> Option<(Media, u8, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let (media, specific) = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => (Media::GraphqlResponse, 2),
        "application/json" => (Media::Json, 2),
        "application/*" => (Media::Json, 1),
        "*/*" => (Media::Json, 0),
        _ => return None,
    };
    let mut quality = 1.0;
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
            "charset" if !value.eq_ignore_ascii_case("utf-8") && !value.eq_ignore_ascii_case("utf8") => return None,
            _ => {}
        }
    }
    Some((media, specific, quality))
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderMap, HeaderValue, header::ACCEPT};

    use super::{Media, negotiate};

    fn of(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        negotiate(&headers)
    }

    #[test]
    fn the_best_of_what_is_accepted_wins() {
        use Media::{GraphqlResponse, Json};
        assert_eq!(negotiate(&HeaderMap::new()), Some(Json));
        for (accept, media) in [
            ("application/json", Some(Json)),
            ("Application/JSON", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            (
                "application/graphql-response+json; charset=utf-8",
                Some(GraphqlResponse),
            ),
            (
                "application/graphql-response+json, application/json",
                Some(GraphqlResponse),
            ),
            ("application/json, application/graphql-response+json", Some(Json)),
            (
                "application/json;q=0.9, application/graphql-response+json",
                Some(GraphqlResponse),
            ),
            ("*/*", Some(Json)),
            ("*/*, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, */*", Some(Json)),
            ("application/*", Some(Json)),
            ("text/html, */*;q=0.1", Some(Json)),
            ("*/*, application/json;q=0", Some(GraphqlResponse)),
            ("*/*, application/json;q=0, application/graphql-response+json;q=0", None),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;charset=latin1", None),
            ("application/json;q=nonsense", None),
            ("", None),
            ("application/xml, text/*", None),
        ] {
            assert_eq!(of(accept), media, "{accept}");
        }
    }
}
