//! What a form says of a partner's privacy notice: where it is, and the fingerprint of its file, typed or made here of the
//! file. The file is read for that alone and kept nowhere.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::fields::Input;
use crate::form::Form;
use crate::lines::{Need, Sheet};

/// The field of the file; `templates/organizer/partners/notice_fields.html` shows it between the two lines.
const FILE: &str = "noticeFile";

/// The address, and the fingerprint.
pub(super) fn lines(sheet: &Sheet<'_>) -> Vec<Input> {
    vec![
        sheet.hinted(
            "notice",
            ("notice-address", "notice-address-hint"),
            "url",
            Need::Required,
        ),
        sheet.hinted(
            "fingerprint",
            ("notice-fingerprint", "notice-fingerprint-hint"),
            "text",
            Need::Optional,
        ),
    ]
}

/// What the form says, without the file: where one was chosen, its fingerprint stands for whatever was typed.
pub(super) fn settled(form: &Form) -> Form {
    let mut settled = form.without_files();
    if let Some(file) = form.file(FILE).filter(|file| !file.is_empty()) {
        settled.set("fingerprint", &HEXLOWER.encode(&Sha256::digest(file)[..]));
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(file: &str) -> Form {
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"fingerprint\"\r\n\r\ntyped\r\n--B\r\nContent-Disposition: \
             form-data; name=\"noticeFile\"; filename=\"notice.pdf\"\r\nContent-Type: application/pdf\r\n\r\n{file}\r\n--B--\r\n"
        );
        Form::parse_parts(body.into_bytes(), "B").await.expect("a form")
    }

    #[tokio::test]
    async fn the_fingerprint_is_made_of_the_file_and_the_file_is_gone() {
        let form = settled(&sent("abc").await);
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((form.text("fingerprint"), form.file(FILE)), (expected, None));
    }

    #[tokio::test]
    async fn without_a_file_what_was_typed_stands() {
        assert_eq!(settled(&sent("").await).text("fingerprint"), "typed");
    }
}
