//! Somebody with a browser: cookies are kept as browsers keep them, forms carry what their page says.

use std::collections::BTreeMap;

use consentry::services::sign_in;
use consentry::transaction;
use poem::http::Method;

use super::{Answer, Client, Site, TestApp};
use crate::markup::held;

/// Somebody with a browser.
pub struct Browser {
    site: Site,
    /// Names and values.
    pub cookies: BTreeMap<String, String>,
}

impl TestApp {
    /// A browser that was never here.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser {
            site: self.site(),
            cookies: BTreeMap::new(),
        }
    }

    /// A browser signed in as this client's account, by a link and its button.
    ///
    /// # Panics
    /// Where that does not work.
    pub async fn browser_of(&self, client: &Client) -> Browser {
        let mut browser = self.browser();
        let path = self.sign_in_path(client).await;
        let answer = browser.post(&path, &[("first", "yes")]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/me"),
            "{}",
            answer.text
        );
        browser
    }

    /// The path of a fresh sign-in link of this client's account.
    ///
    /// # Panics
    /// Where nobody is signed in.
    pub async fn sign_in_path(&self, client: &Client) -> String {
        let account = client.caller().signed_in().expect("somebody").account();
        let id = transaction!(self.store().writer(), async |tx| {
            let expires = tx.now().await?.plus_minutes(10);
            sign_in::create_link(tx, account, expires).await
        });
        let address = sign_in::link_address(&self.platform, id.expect("a link"));
        let path = address.strip_prefix(&self.platform.url(""));
        path.expect("an address of the program").to_owned()
    }
}

impl Browser {
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[]).await
    }

    /// Opens a page that has to be there.
    ///
    /// # Panics
    /// Where it is not.
    pub async fn open(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(
            answer.status,
            200,
            "{path} leads to {}: {}",
            answer.header("location"),
            answer.text
        );
        answer.text
    }

    /// Sends a form as it stands here, without a token.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, form).await
    }

    /// Opens a page and presses a button of one of its forms, sent to `action` with what else the page's hidden fields say.
    ///
    /// # Panics
    /// Where the page is not there.
    pub async fn press(&mut self, page: &str, action: &str, form: &[(&str, &str)]) -> Answer {
        let text = self.open(page).await;
        let fields = completed(&text, form);
        self.send(Method::POST, action, &borrowed(&fields)).await
    }

    /// Presses a button on a page that came as an answer.
    pub async fn answer(&mut self, page: &Answer, action: &str, form: &[(&str, &str)]) -> Answer {
        let fields = completed(&page.text, form);
        self.send(Method::POST, action, &borrowed(&fields)).await
    }

    /// Presses a button on a page that came as an answer, with what else is typed or ticked now and with all that this page
    /// holds: what it has lost is not sent.
    pub async fn press_on(&mut self, page: &Answer, action: &str, form: &[(&str, &str)]) -> Answer {
        let mut fields: Vec<(String, String)> = form
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        // What is typed now is no longer what stood there.
        let held = held(&page.text).into_iter();
        fields.extend(held.filter(|(name, _)| !form.iter().any(|(its, _)| its == name)));
        self.send(Method::POST, action, &borrowed(&fields)).await
    }

    /// The same with a file in the form, as a browser sends it.
    ///
    /// # Panics
    /// Where the page is not there.
    pub async fn press_with(&mut self, page: &str, form: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let text = self.open(page).await;
        self.send_parts(page, &completed(&text, form), file).await
    }

    async fn send_parts(&mut self, path: &str, fields: &[(String, String)], (name, file): (&str, &[u8])) -> Answer {
        const BETWEEN: &str = "between-7MA4YWxkTrZu0gW";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BETWEEN}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BETWEEN}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"picture.png\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BETWEEN}--\r\n").as_bytes());
        let media = format!("multipart/form-data; boundary={BETWEEN}");
        let cookies = self.cookie_line();
        let answer = self.site.send_body(Method::POST, path, (&media, body), &cookies).await;
        self.keep(answer)
    }

    async fn send(&mut self, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.site.send(method, path, form, &self.cookie_line()).await;
        self.keep(answer)
    }

    fn cookie_line(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Keeps the cookies of an answer.
    fn keep(&mut self, answer: Answer) -> Answer {
        for set in answer.headers.get_all("set-cookie") {
            let text = set.to_str().expect("a text");
            let (pair, attributes) = text.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// What is typed, with what else the page's hidden fields say.
fn completed(page: &str, form: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = form
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    for (name, value) in hidden(page) {
        // The form that signs out carries the same token.
        if !fields.iter().any(|(its, _)| *its == name) {
            fields.push((name, value));
        }
    }
    fields
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Names and values of a page's hidden fields.
fn hidden(page: &str) -> impl Iterator<Item = (String, String)> {
    let plain = |text: &str| text.replace("&#38;", "&").replace("&#34;", "\"");
    page.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .filter_map(move |rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            let (value, _) = rest.split_once('"')?;
            Some((plain(name), plain(value)))
        })
}
