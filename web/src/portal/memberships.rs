//! `/partner`: the partners for which one reads.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{Memberships, memberships as of};
use crate::ask::{Ask, see_other};
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "portal/memberships.html")]
struct Shown {
    frame: Frame,
    /// Address, partner, whose events.
    all: Vec<(String, String, String)>,
}

/// Whoever reads for one partner alone is led there.
pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let found = ask.visitor.ask::<Memberships>(of::Variables {}).await?;
    let Some(me) = found.me else {
        return Ok(ask.sign_in_first());
    };
    if let [only] = me.partner_memberships.as_slice() {
        return Ok(see_other(&format!("/partner/{}", only.id)));
    }
    let listed = me.partner_memberships.into_iter().map(|one| {
        let address = format!("/partner/{}", one.id);
        (address, one.partner.display_name, one.organization.name)
    });
    let page = Shown {
        all: listed.collect(),
        frame: ask.frame(ask.language.say("portal-title")),
    };
    Ok(ask.page(StatusCode::OK, &page))
}
