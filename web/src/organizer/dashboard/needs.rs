//! What waits for somebody at an event, and where it is looked after by whoever may go there.

use super::{Organization, of};
use crate::frame::Frame;
use crate::organizer::{Part, Place, complaints};

/// A line, and where it leads.
pub(super) type Need = (Option<String>, String);

/// Everything that waits.
pub(super) fn needs(
    frame: &Frame,
    place: &Place,
    organization: &Organization,
    event: &of::DashboardOrganizationEvent,
) -> Vec<Need> {
    let mut needs = Vec::new();
    for cancellation in event.cancellation.iter().filter(|its| its.finished_at.is_none()) {
        let (done, total) = (cancellation.done.to_string(), cancellation.total.to_string());
        needs.push((
            Some(format!("{}/setup/cancellation", place.base)),
            frame.say2("called-off-done", "done", &done, "total", &total),
        ));
    }
    let slug = &organization.organization.slug;
    let counts = organization.complaint_counts.as_ref();
    let complaints = counts.and_then(|counts| complaints::waiting(frame, slug, (counts.open, counts.overdue)));
    needs.extend(complaints.map(|(path, words)| (Some(path), words)));
    for partner in &event.partners {
        for offer in partner.offers.iter().filter(|offer| offer.requested.is_some()) {
            let purpose = frame.of("purpose", &offer.purpose);
            let name = &partner.partner.display_name;
            let address = format!("{}/partners/{}/offers/{}", place.base, partner.id, offer.id);
            needs.push((
                place.open.contains(&Part::Partners).then_some(address),
                frame.say2("needs-approval", "partner", name, "purpose", &purpose),
            ));
        }
    }
    let statistics = &event.statistics;
    // Whoever is told of these numbers finds the pages, too.
    let mut count = |count: Option<i64>, key: &str, page: &str| {
        if let Some(count) = count.filter(|count| *count > 0) {
            needs.push((Some(format!("{}/{page}", place.base)), frame.count(key, count)));
        }
    };
    let money = statistics.money.as_ref();
    count(
        money.map(|money| money.refunds_due),
        "needs-refund",
        "orders?refund=due",
    );
    count(statistics.failed_mails, "needs-mails", "mails?status=FAILED");
    needs
}
