//! What is acknowledged: all that must be, in the versions in force. Never mixed with consent.

use consentry_domain::DocumentId;

use crate::platform::{Code, Problems};
use crate::services::registration::draft::Acknowledged;
use crate::services::sales::Form;

/// Judges it.
pub(super) fn judge(
    form: &Form,
    path: &str,
    given: &[Option<DocumentId>],
    locale: &str,
    problems: &mut Problems,
) -> Vec<Acknowledged> {
    let path = format!("{path}.acknowledgedDocumentIds");
    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    for (index, id) in given.iter().enumerate() {
        let Some(document) = form.documents.iter().find(|document| Some(document.row.id) == *id) else {
            let message = "There is no such document in force at this event; read the event's documents again.";
            problems.add(format!("{path}.{index}"), Code::NotFound, message);
            continue;
        };
        if acknowledged.iter().all(|known| known.document != document.row.id) {
            acknowledged.push(Acknowledged {
                document: document.row.id,
                locale: document
                    .content
                    .version(Some(locale), &form.event.default_locale)
                    .0
                    .to_owned(),
                content_hash: document.row.content_hash.clone(),
            });
        }
    }
    for document in form.documents.iter().filter(|document| document.row.required) {
        let known = acknowledged.iter().any(|known| known.document == document.row.id);
        let title = document.title.pick(Some(locale), &form.event.default_locale);
        problems.expect(
            known,
            &path,
            Code::Required,
            format!("“{title}” has to be acknowledged."),
        );
    }
    acknowledged
}
