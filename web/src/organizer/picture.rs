//! A picture that is chosen in a form: it is taken in first, so that it is not chosen again where something else is wrong.

use data_encoding::BASE64;
use graphql_client::GraphQLQuery;

use super::sheet::{Said, said};
use crate::ask::Ask;
use crate::form::Form;
use crate::trouble::Trouble;

documents! {
    AddPicture "src/organizer/picture.graphql"
}

/// What the form then says, without the file: `{name}.id` is the picture that came. Or what is wrong with the file, at this
/// field.
pub(super) async fn settle(ask: &Ask, owner: &str, name: &str, form: &Form) -> Result<(Form, Vec<Said>), Trouble> {
    let mut settled = form.without_files();
    if let Some(file) = form.file(name) {
        let input = add_picture::AddPictureInput {
            // The same file is the same picture, however often it comes.
            idempotency_key: ask.new_key(),
            owner_id: owner.to_owned(),
            content: BASE64.encode(file),
        };
        let payload = ask.visitor.ask::<AddPicture>(add_picture::Variables { input }).await?;
        let payload = payload.add_picture.ok_or(Trouble::Ours)?;
        let said: Vec<Said> = said!(payload.user_errors);
        let Some(picture) = payload.picture else {
            return Ok((settled, said.into_iter().map(|said| said.at(name)).collect()));
        };
        settled.set(&format!("{name}.id"), &picture.picture_id);
        settled.drop_where(|its| its.strip_prefix(name) == Some(".gone"));
    }
    Ok((settled, Vec::new()))
}

/// Which picture shall be shown, where this one is now.
pub(super) fn wished(form: &Form, name: &str, now: Option<&String>) -> Option<String> {
    if form.has(&format!("{name}.gone")) {
        return None;
    }
    form.filled(&format!("{name}.id")).or_else(|| now.cloned())
}
