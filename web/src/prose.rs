//! What organizers write for people: CommonMark without raw HTML, made safe.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// As HTML. Raw HTML is shown as the text that it is, images become their words, links lead to web and mail addresses only;
/// headings are set below those of the page.
pub(crate) fn html(text: &str) -> String {
    let mut skipped = 0_u32;
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) if !is_harmless(dest_url) => {
            skipped += 1;
            None
        }
        Event::End(TagEnd::Link) if skipped > 0 => {
            skipped -= 1;
            None
        }
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
        other => Some(other),
    });
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, events);
    out
}

fn is_harmless(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|start| address.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn what_is_written_cannot_do_anything() {
        for (written, shown) in [
            ("*a*", "<p><em>a</em></p>\n"),
            ("# a", "<p>a</p>\n"),
            ("[x](javascript:alert(1))", "<p>x</p>\n"),
            (
                "[x](JAVASCRIPT:alert(1)) [y](https://a.example)",
                "<p>x <a href=\"https://a.example\">y</a></p>\n",
            ),
            ("![x](https://a.example/p.png)", "<p>x</p>\n"),
            ("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n"),
            ("[x](data:text/html,y)", "<p>x</p>\n"),
        ] {
            assert_eq!(html(written), shown, "{written}");
        }
        assert!(!html("<script>alert(1)</script>").contains("<script"));
        assert!(!html("[a](https://x.example \"onmouseover=1\")").contains("onmouseover=1 "));
    }
}
