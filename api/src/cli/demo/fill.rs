//! The demo's contents, in two parts: first what its examples, its credentials and its states need, then, while it
//! answers already, the crowd. All of it with seeded randomness and in one order, whatever visitors do meanwhile.

use serde_json::json;

use super::crowd::Crowd;
use super::events::{self, Made};
use super::people;
use super::scene::Scene;
use super::{SEED, SLUG, TEAM, afterwards, complaints, partners, pictures, unfinished};
use crate::cli::Failure;
use crate::platform::Platform;
use crate::platform::store::{Clock, Entropy};
use crate::services::organizations::{self, NewOrganization};

/// How long ago the first part was made, in microseconds.
const EARLIER: i64 = 30 * 24 * 3600 * 1_000_000;

/// A demo that answers and is not complete yet.
pub(super) struct Filling {
    scene: Scene,
    conference: Made,
    crowd: Crowd,
}

impl Filling {
    /// Makes everything but the crowd. What came first happens by a clock that is behind: the time of orders that nobody
    /// paid is over when the others register.
    pub(super) async fn begin(platform: &Platform) -> Result<Self, Failure> {
        unfinished::begin(&platform.store).await?;
        let entropy = Entropy::seeded(SEED);
        let at = |clock| Platform {
            store: platform.store.with(clock, entropy.clone()),
            ..platform.clone()
        };
        let (earlier, now) = (at(Clock::behind(EARLIER)), at(Clock::default()));
        let organization = organizations::create(&earlier, &society()).await?.id;
        let earlier = Scene::open(earlier, organization).await?;
        let owner = &earlier.owner;
        pictures::dress(owner, &earlier.public_id()).await?;
        let today = now.store.now().await?.day();
        let conference = events::conference(owner, &earlier.public_id(), today).await?;
        let webinar = events::webinar(owner, &earlier.public_id(), today).await?;
        partners::make(owner, &earlier.public_id(), &conference, &webinar).await?;
        events::take_transfers(owner, &earlier.public_id()).await?;
        events::publish(owner, &conference).await?;
        events::publish(owner, &webinar).await?;
        let mut crowd = Crowd::look(&earlier, [&conference, &webinar]).await?;
        let abandoned = crowd.register_abandoned(&earlier).await?;
        if let Some(order) = abandoned.first() {
            afterwards::chooses_bank_transfer(&earlier, *order).await?;
        }

        let scene = Scene::open(now, organization).await?;
        for number in people::early() {
            crowd.register(&scene, number).await?;
        }
        afterwards::guardian_decides(&scene, crowd.placed()).await?;
        afterwards::orders_end(&scene, crowd.placed()).await?;
        invite(&scene).await?;
        complaints::make(&scene, crowd.placed()).await?;
        Ok(Self {
            scene,
            conference,
            crowd,
        })
    }

    /// Makes the rest, says so, and takes the mark away.
    pub(super) async fn finish(mut self) -> Result<(), Failure> {
        for number in people::late() {
            self.crowd.register(&self.scene, number).await?;
        }
        let placed = self.crowd.placed();
        afterwards::some_withdraw(&self.scene, placed).await?;
        afterwards::some_are_let_in(&self.scene, placed, &self.conference).await?;
        unfinished::end(&self.scene.platform.store).await?;
        Ok(())
    }
}

fn society() -> NewOrganization {
    NewOrganization {
        slug: SLUG.to_owned(),
        name: "Demo Society".to_owned(),
        legal_name: "Demo Society e.V.".to_owned(),
        country: "DE".to_owned(),
        contact_email: "hello@demo.example".to_owned(),
        data_protection_contact: "privacy@demo.example".to_owned(),
        default_locale: "en".to_owned(),
    }
}

const INVITE: &str = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) {
    teamMember { id } userErrors { field message } } }";

/// The owner invites the others.
async fn invite(scene: &Scene) -> Result<(), Failure> {
    for (role, email) in TEAM {
        let input = json!({ "idempotencyKey": format!("demo-{email}"), "organizationId": scene.public_id(),
            "email": email, "role": role.as_str() });
        scene.owner.send(INVITE, json!({ "input": input })).await?;
    }
    Ok(())
}
