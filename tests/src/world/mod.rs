//! A world in which every operation has something to work on: two organizations, and an event with everything in it for
//! each operation that is tried. Operations are written with names of things (`{quota}`); a stage says which ids they are.

mod operations;
mod outcome;
mod schema;
mod stage;
mod table;

pub use operations::{Consumes, Operation, all as operations};
pub use outcome::Answer;
pub use schema::{Field, Schema};
pub use stage::Stage;
pub use table::{Line, table};

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use consentry_domain::{AccountId, PersonId, Role};
use consentry_entity::{person, team_member};
use serde_json::json;

use crate::app::{SeededOrganization, TestApp, bank_account};

/// Who tries an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Nobody signed in.
    Anonymous,
    /// Somebody with a place at the event.
    Attendee,
    /// The holder of a token of a partner at the event.
    Partner,
    /// A team member of the whole organization.
    Staff(Role),
    /// A manager of this event alone.
    EventManager,
    /// A member of the staff of a partner at the event, who reads.
    Member,
    /// One who also asks.
    Administrator,
    /// A device that lets people in at the event.
    Device,
}

impl Who {
    /// Everybody, in the order of the table's columns.
    pub const ALL: [Self; 13] = [
        Self::Anonymous,
        Self::Attendee,
        Self::Partner,
        Self::Staff(Role::Owner),
        Self::Staff(Role::Manager),
        Self::Staff(Role::Finance),
        Self::Staff(Role::CheckIn),
        Self::Staff(Role::Viewer),
        Self::Staff(Role::Dpo),
        Self::EventManager,
        Self::Member,
        Self::Administrator,
        Self::Device,
    ];

    /// The name of the column.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Anonymous => "anonymous".into(),
            Self::Attendee => "attendee".into(),
            Self::Partner => "partner".into(),
            Self::Staff(role) => role.as_str().to_lowercase().replace('_', "-"),
            Self::EventManager => "event-manager".into(),
            Self::Member => "partner-member".into(),
            Self::Administrator => "partner-administrator".into(),
            Self::Device => "device".into(),
        }
    }
}

/// An organization with its people.
pub struct Tenant {
    /// The organization.
    pub organization: SeededOrganization,
    /// Its team, a member for each role.
    pub team: BTreeMap<Role, AccountId>,
    /// Somebody who becomes a manager of single events.
    pub event_manager: AccountId,
    /// Somebody who has a place at each event.
    pub attendee: (AccountId, PersonId),
    /// Somebody else who has a place at each event that others run.
    pub stranger: (AccountId, PersonId),
}

/// The world.
pub struct World {
    /// The program.
    pub app: TestApp,
    /// The schema.
    pub schema: Schema,
    /// The organization that is tried.
    pub ours: Tenant,
    /// Another one on the same installation.
    pub theirs: Tenant,
    staged: AtomicU32,
}

impl World {
    /// Makes it.
    pub async fn create(app: TestApp) -> Self {
        let ours = tenant(&app, "ours").await;
        let theirs = tenant(&app, "theirs").await;
        Self {
            app,
            schema: Schema::of_the_program(),
            ours,
            theirs,
            staged: AtomicU32::new(1),
        }
    }

    /// An event of our organization with everything in it.
    pub async fn stage(&self) -> Stage {
        Stage::build(self, &self.ours, self.ours.attendee, self.ours.event_manager).await
    }

    /// Another event of our organization, whose attendee and manager are others.
    pub async fn other_stage(&self) -> Stage {
        let (manager, _) = self
            .app
            .db_account(&format!("other-{}@staff.example", self.number()))
            .await;
        Stage::build(self, &self.ours, self.ours.stranger, manager).await
    }

    /// An event of the other organization.
    pub async fn foreign_stage(&self) -> Stage {
        Stage::build(self, &self.theirs, self.theirs.attendee, self.theirs.event_manager).await
    }

    fn number(&self) -> u32 {
        self.staged.fetch_add(1, Ordering::Relaxed)
    }
}

async fn tenant(app: &TestApp, slug: &str) -> Tenant {
    let organization = app.db_organization(slug).await;
    let mut team = BTreeMap::new();
    for role in [
        Role::Owner,
        Role::Manager,
        Role::Finance,
        Role::CheckIn,
        Role::Viewer,
        Role::Dpo,
    ] {
        let (account, _) = app
            .db_account(&format!("{}@{slug}.example", role.as_str().to_lowercase()))
            .await;
        app.db_member(&organization, account, role, None).await;
        team.insert(role, account);
    }
    let owner = app.db_session(team[&Role::Owner]).await;
    let document = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) {
        providerAccount { ready } userErrors { field message } } }";
    let bank = bank_account("Ours e.V.");
    let input = json!({ "organizationId": organization.public_id, "bankTransfer": bank });
    owner
        .done("setProviderAccount", document, json!({ "input": input }))
        .await;
    let (event_manager, _) = app.db_account(&format!("event-manager@{slug}.example")).await;
    let attendee = app.db_person(&organization, &format!("attendee@{slug}.example")).await;
    let stranger = app.db_person(&organization, &format!("stranger@{slug}.example")).await;
    Tenant {
        organization,
        team,
        event_manager,
        attendee,
        stranger,
    }
}

impl TestApp {
    /// Makes an account a team member, of the whole organization or of one event.
    pub async fn db_member(
        &self,
        organization: &SeededOrganization,
        account: AccountId,
        role: Role,
        event: Option<consentry_domain::EventId>,
    ) -> consentry_domain::TeamMemberId {
        let now = self.store().now().await.expect("a time");
        let id = self.store().entropy().ordered_id(now);
        let row = team_member::Model {
            organization_id: organization.id,
            id,
            account_id: account,
            role,
            event_id: event,
            created_at: now.0,
            ends_at: None,
            removed_at: None,
            revision: 1,
        };
        self.db_insert(row).await;
        id
    }

    /// An account that is known to an organization.
    pub async fn db_person(&self, organization: &SeededOrganization, email: &str) -> (AccountId, PersonId) {
        let (account, _) = self.db_account(email).await;
        let now = self.store().now().await.expect("a time");
        let row = person::Model {
            organization_id: organization.id,
            id: self.store().entropy().ordered_id(now),
            account_id: Some(account),
            email: Some(email.into()),
            created_at: now.0,
            restricted_at: None,
            erased_at: None,
            revision: 1,
        };
        let id = row.id;
        self.db_insert(row).await;
        (account, id)
    }
}
