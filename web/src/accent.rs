//! `GET /styles/{rrggbb}.css`: what an organization's colour changes on its pages. Made of the colour alone, so that it is
//! kept for good.

use consentry::graphql::public::accent::{Rgb, Theme};
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use poem::{Response, Route, get, handler};

/// Adds the route to those of the root.
pub(crate) fn routes(routes: Route) -> Route {
    routes.at("/styles/:name", get(serve))
}

/// Where the styles of this colour are; none for a text that is no colour.
pub(crate) fn address(colour: &str) -> Option<String> {
    let colour: Rgb = colour.trim().parse().ok()?;
    Some(format!("/styles/{}.css", colour.to_string().trim_start_matches('#')))
}

/// The colour in which everybody can read that is nearest to what was typed.
pub(crate) fn nearest(typed: &str) -> Option<String> {
    let colour: Rgb = typed.trim().parse().ok()?;
    Some(Theme::Light.nearest(colour).to_string())
}

#[handler]
fn serve(request: &poem::Request) -> Response {
    let name = request.raw_path_param("name").unwrap_or_default();
    let colour = name
        .strip_suffix(".css")
        .and_then(|digits| format!("#{digits}").parse::<Rgb>().ok());
    // A colour has one address.
    match colour.filter(|colour| address(&colour.to_string()).is_some_and(|own| own.ends_with(name))) {
        Some(colour) => Response::builder()
            .header(CONTENT_TYPE, "text/css; charset=utf-8")
            .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
            .body(styles(colour)),
        None => StatusCode::NOT_FOUND.into(),
    }
}

/// On paper everything stays black.
fn styles(colour: Rgb) -> String {
    let rule = |theme: Theme| {
        format!(
            ":root {{ --accent: {}; --accent-ink: {} }}",
            theme.nearest(colour),
            theme.ink()
        )
    };
    format!(
        "@media screen {{ {} }}\n@media screen and (prefers-color-scheme: dark) {{ {} }}\n",
        rule(Theme::Light),
        rule(Theme::Dark)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_themes_get_a_colour_that_is_read_there() {
        let colour = "#7a1f5f".parse().expect("a colour");
        let styles = styles(colour);
        let dark = Theme::Dark.nearest(colour);
        assert!(
            dark != colour && styles.contains(&format!("--accent: {dark}; --accent-ink: #0e1011")),
            "{styles}"
        );
        assert!(
            styles.starts_with("@media screen { :root { --accent: #7a1f5f; --accent-ink: #ffffff } }"),
            "{styles}"
        );
        assert_eq!(address(" #7A1F5F "), Some("/styles/7a1f5f.css".to_owned()));
        assert_eq!((address("red"), nearest("red")), (None, None));
    }

    /// What stands behind `--name:` in the sheet, in light and in dark.
    fn token(name: &str) -> Vec<Rgb> {
        let sheet = include_str!("../static/style.css");
        let start = format!("--{name}: ");
        let values = sheet.split(start.as_str()).skip(1).take(2);
        values.map(|rest| rest[..7].parse().expect("a colour")).collect()
    }

    #[test]
    fn the_grounds_of_the_rule_are_those_of_the_style_sheet() {
        let names = ["ground", "surface", "sunken", "good-soft", "warn-soft", "bad-soft"];
        for (index, name) in names.into_iter().enumerate() {
            let expected = [Theme::Light, Theme::Dark].map(|theme| theme.grounds()[index]);
            assert_eq!(token(name), expected, "{name}");
        }
        for (theme, accent) in [Theme::Light, Theme::Dark].into_iter().zip(token("accent")) {
            assert!(theme.carries(accent), "{accent} is ours");
        }
    }
}
