//! Legal documents: a change is a new version; what somebody acknowledged stays as it was.

use consentry_domain::{DocumentId, DocumentKind};
use consentry_entity::legal_document;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};

use super::{Editor, changed, claim, lock};
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::{Localized, input};
use crate::transaction;

/// A new version of a document, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewDocument {
    /// Which document.
    pub kind: DocumentKind,
    /// Its title.
    pub title: Localized,
    /// Its text (CommonMark).
    pub content: Localized,
    /// Whether attendees must acknowledge it.
    pub required: bool,
}

/// Puts a new version in force; the one before is kept for those who acknowledged it.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create_document(
    platform: &Platform,
    editor: &Editor,
    key: &str,
    new: &NewDocument,
) -> Result<DocumentId, Refused> {
    let mut problems = Problems::new();
    let title = problems
        .keep("title", input::localized(&new.title, 200))
        .unwrap_or_default();
    let content = problems
        .keep("content", input::localized_paragraphs(&new.content, 100_000))
        .unwrap_or_default();
    if title.is_empty() {
        problems.add("title", Code::Required, "Give the document a title.");
    }
    if content.is_empty() {
        problems.add("content", Code::Required, "The document needs its text.");
    }
    problems.none()?;
    let column = content.to_column();
    let hash = Sha256::digest(column.as_bytes()).to_vec();
    transaction!(platform.store.writer(), async |tx| {
        let id: DocumentId = tx.ordered_id();
        if let Some(made) = claim(platform, tx, editor, "createLegalDocument", key, new, id.0).await? {
            return Ok(DocumentId(made));
        }
        lock(tx, editor).await?;
        let now = tx.now().await?;
        let newest = legal_document::Entity::find()
            .filter(legal_document::Column::OrganizationId.eq(editor.organization()))
            .filter(legal_document::Column::EventId.eq(editor.event()))
            .filter(legal_document::Column::Kind.eq(new.kind))
            .order_by_desc(legal_document::Column::Version)
            .one(tx)
            .await?;
        legal_document::Entity::update_many()
            .col_expr(legal_document::Column::SupersededAt, Expr::value(now.0))
            .filter(legal_document::Column::OrganizationId.eq(editor.organization()))
            .filter(legal_document::Column::EventId.eq(editor.event()))
            .filter(legal_document::Column::Kind.eq(new.kind))
            .filter(legal_document::Column::SupersededAt.is_null())
            .exec(tx)
            .await?;
        let row = legal_document::Model {
            organization_id: editor.organization(),
            id,
            event_id: editor.event(),
            kind: new.kind,
            version: newest.map_or(1, |newest| newest.version + 1),
            title: title.to_column(),
            content: column.clone(),
            content_hash: hash.clone(),
            required: new.required,
            created_at: now.0,
            superseded_at: None,
        };
        legal_document::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        changed(tx, editor, "createLegalDocument", "legalDocument", id.0).await?;
        Ok(id)
    })
}
