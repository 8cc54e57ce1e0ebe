//! What becomes of offers and of partners.

use consentry_domain::{EventPartnerId, Instant, PartnerId};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde_json::{Value, json};

use uuid::Uuid;

use super::super::history::{Kind, Outcome, Situation};
use super::{OfferAt, World, below, key, one};

const MINUTE: i64 = 60_000_000;

impl World {
    /// One of the offers; most often one with a lead that is restricted: what is not served now has to follow, too.
    async fn some_offer(&self, rng: &mut StdRng) -> &OfferAt {
        let restricted = "select stream_id from lead where state = 2 order by stream_id, id";
        if rng.random_bool(0.6)
            && let Some(row) = self.pick(rng, restricted).await
        {
            let id = row.id("stream_id");
            let offer = self.offers.iter().find(|offer| offer.id == id);
            return offer.expect("one of the offers");
        }
        one(rng, &self.offers)
    }

    /// The leads of a stream that are restricted.
    async fn restricted(&self, offer: &OfferAt) -> Vec<Uuid> {
        let text = format!(
            "select id from lead where state = 2 and stream_id = {}",
            self.literal(offer.id)
        );
        self.rows(&text).await.iter().map(|row| row.id("id")).collect()
    }

    /// What a switch did to leads that were restricted before.
    async fn came_of(&self, offer: &OfferAt, before: Vec<Uuid>) {
        let kept = self.restricted(offer).await;
        let stayed = before.iter().filter(|id| kept.contains(id)).count();
        self.history.came_about(Situation::RestrictedKept, stayed);
        self.history
            .came_about(Situation::RestrictedGone, before.len() - stayed);
    }

    /// A version after the last one, and what is decided about it.
    pub(super) async fn revise(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let offer = self.some_offer(rng).await;
        let text = format!(
            "select version, field_mask, text, retention_days, ends_at from offer_version \
             where offer_id = {} order by version desc",
            self.literal(offer.id)
        );
        let versions = self.rows(&text).await;
        let last = versions.first().expect("a version");
        let now = self.app.store().now().await.expect("a time");
        let everything: i64 = {
            let text = format!(
                "select field_mask from offer_version where version = 1 and offer_id = {}",
                self.literal(offer.id)
            );
            self.rows(&text).await[0].long("field_mask")
        };
        let (mut mask, mut days) = (last.long("field_mask"), last.int("retention_days"));
        let mut ends_at = last.opt_long("ends_at").filter(|ends| *ends > now.0 + 60 * MINUTE);
        let mut words = last.text("text");
        match kind {
            Kind::Narrow if mask.count_ones() > 1 && rng.random_bool(0.8) => mask = without_some(rng, mask),
            Kind::Narrow => days = (days - 1).max(1),
            Kind::Editorial => words = other_words(rng),
            Kind::EndSoon => ends_at = Some(now.plus_minutes(20).0),
            _ => match below(rng, 3) {
                0 if mask != everything => mask = everything,
                1 => words = other_words(rng),
                _ => days += 10,
            },
        }
        let words: Value = serde_json::from_str(&words).expect("JSON");
        let input = json!({ "idempotencyKey": key(), "offerId": offer.public, "fields": self.named(mask).await,
            "retentionDays": days, "endsAt": ends_at.map(|ends| Instant(ends).to_string()),
            "text": [{ "locale": "en", "text": words["en"] }] });
        self.history.note(format!(
            "{kind:?} {}: {mask:x}, {days} days, {words}, until {ends_at:?}",
            offer.id
        ));
        let (payload, revised) = self
            .send(self.staff(), "reviseOffer", "offer { requested { version } }", input)
            .await;
        if revised != Outcome::Done {
            return revised;
        }
        let version = &payload["offer"]["requested"]["version"];
        let input = json!({ "offerId": offer.public, "version": version });
        match kind {
            Kind::Reject => self.tell(self.staff(), "rejectOffer", input).await,
            Kind::WithdrawRequested => self.tell(self.staff(), "withdrawOffer", input).await,
            _ => {
                let mut input = input;
                input["textChange"] = json!(if kind == Kind::Editorial {
                    "EDITORIAL"
                } else {
                    "SUBSTANTIAL"
                });
                let restricted = self.restricted(offer).await;
                let outcome = self.tell(self.staff(), "approveOffer", input).await;
                self.came_of(offer, restricted).await;
                outcome
            }
        }
    }

    pub(super) async fn withdraw_in_force(&self, rng: &mut StdRng) -> Outcome {
        let offer = self.some_offer(rng).await;
        let text = format!(
            "select version from offer_version where offer_id = {} and covers_from is not null order by version desc",
            self.literal(offer.id)
        );
        let version = self.rows(&text).await[0].int("version");
        self.history
            .note(format!("withdrawOffer {} version {version}", offer.id));
        let restricted = self.restricted(offer).await;
        let input = json!({ "offerId": offer.public, "version": version });
        let outcome = self.tell(self.staff(), "withdrawOffer", input).await;
        self.came_of(offer, restricted).await;
        outcome
    }

    /// Time passes until a version in force has ended.
    pub(super) async fn end_passes(&self) -> Outcome {
        let now = self.app.store().now().await.expect("a time");
        let open = format!(
            "select id from stream where ends_at > {} and ends_at < {}",
            now.0,
            now.plus_minutes(60).0
        );
        if self.rows(&open).await.is_empty() {
            return Outcome::Nothing;
        }
        self.app.store().clock().advance(21 * MINUTE);
        self.history.note("an offer ends".to_owned());
        Outcome::Done
    }

    pub(super) async fn event_partner(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let with = match kind {
            Kind::EventPartnerOff => "where active",
            Kind::EventPartnerOn => "where not active",
            _ => "",
        };
        let Some(row) = self
            .pick(
                rng,
                &format!("select id, revision from event_partner {with} order by id"),
            )
            .await
        else {
            return Outcome::Nothing;
        };
        let id = self.public::<EventPartnerId>(row.id("id"));
        let mut input = json!({ "eventPartnerId": id, "revision": row.long("revision") });
        match kind {
            Kind::Notice => input["noticeSha256"] = json!(format!("{:02x}", rng.random_range(0..=255)).repeat(32)),
            _ => input["active"] = json!(kind == Kind::EventPartnerOn),
        }
        self.history.note(format!("{kind:?} {}", row.id("id")));
        self.tell(self.staff(), "updateEventPartner", input).await
    }

    pub(super) async fn partner(&self, kind: Kind, rng: &mut StdRng) -> Outcome {
        let with = if kind == Kind::PartnerOff {
            "active"
        } else {
            "not active"
        };
        let Some(row) = self
            .pick(
                rng,
                &format!("select id, revision from partner where {with} order by id"),
            )
            .await
        else {
            return Outcome::Nothing;
        };
        self.history.note(format!("{kind:?} {}", row.id("id")));
        let input = json!({ "partnerId": self.public::<PartnerId>(row.id("id")), "revision": row.long("revision"),
            "active": kind == Kind::PartnerOn });
        self.tell(self.staff(), "updatePartner", input).await
    }
}

/// Without one of its bits, or without half of them.
fn without_some(rng: &mut StdRng, mask: i64) -> i64 {
    let mut bits: Vec<u32> = (0..63).filter(|bit| mask >> bit & 1 == 1).collect();
    bits.shuffle(rng);
    let gone = if rng.random_bool(0.5) { 1 } else { bits.len() / 2 };
    bits.iter().take(gone).fold(mask, |mask, bit| mask & !(1 << bit))
}

fn other_words(rng: &mut StdRng) -> String {
    json!({ "en": format!("May we write to you ({})?", rng.random_range(0..1000)) }).to_string()
}
