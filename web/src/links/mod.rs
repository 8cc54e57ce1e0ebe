//! What links in mails lead to. Opening a page changes nothing (mail scanners open every link); its button does, and leads
//! on to a page that can be loaded again. Three answer at once instead: what is a secret and shown once (`/claim`, tokens of
//! `/sign-in`), and `/address`, which knows nothing of its link and says the same however often it is pressed.

mod after_ordering;
mod age;
mod confirm;
mod consents;
mod documents;
mod door;
mod guardian;
mod join;
mod order;
mod plain;
mod shown;
mod ticket;
mod transfer;

use poem::Response;

use crate::ask::Ask;
use crate::form::Form;
use crate::trouble::Trouble;
use shown::Shown;
pub(crate) use transfer::{Code, code};

/// The kinds of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    SignIn,
    Confirm,
    Claim,
    Guardian,
    Order,
    Join,
    Address,
    Door,
    /// No link of ours: where payment providers lead back to.
    Thanks,
}

impl Link {
    /// With the pattern of each kind's address.
    pub(crate) const ALL: [(Self, &'static str); 9] = [
        (Self::SignIn, "/sign-in/:secret"),
        (Self::Confirm, "/confirm/:secret"),
        (Self::Claim, "/claim/:secret"),
        (Self::Guardian, "/guardian/:secret"),
        (Self::Order, "/order/:secret"),
        (Self::Join, "/join/:secret"),
        (Self::Address, "/address/:secret"),
        (Self::Door, "/door/:secret"),
        (Self::Thanks, "/thanks"),
    ];
}

/// Shows what the link is about, or does what its button says.
pub(crate) async fn answer(ask: &Ask, link: Link) -> Result<Response, Trouble> {
    let shown = match ask.form() {
        Some(form) => act(ask, link, form).await?,
        None => open(ask, link).await?,
    };
    Ok(shown.respond(ask))
}

async fn open(ask: &Ask, link: Link) -> Result<Shown, Trouble> {
    Ok(match link {
        Link::SignIn => plain::sign_in(ask),
        Link::Claim => plain::claim(ask),
        Link::Address => plain::address(ask),
        Link::Thanks => plain::thanks(ask),
        Link::Confirm => confirm::open(ask).await?,
        Link::Guardian => guardian::open(ask).await?,
        Link::Order => order::open(ask).await?,
        Link::Join => join::open(ask).await?,
        Link::Door => door::open(ask).await?,
    })
}

async fn act(ask: &Ask, link: Link, form: &Form) -> Result<Shown, Trouble> {
    Ok(match link {
        Link::SignIn => plain::signed_in(ask, form).await?,
        Link::Claim => plain::claimed(ask).await?,
        Link::Address => plain::proved(ask).await?,
        Link::Thanks => plain::thanks(ask),
        Link::Confirm => confirm::act(ask, form).await?,
        Link::Guardian => guardian::act(ask, form).await?,
        Link::Order => order::act(ask, form).await?,
        Link::Join => join::act(ask).await?,
        Link::Door => door::act(ask).await?,
    })
}
