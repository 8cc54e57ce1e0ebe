"""Who calls, with credentials that are fetched as their holders fetch them: by the links of mails."""

import requests

from answers import Answer

STAFF = {"manager": "MANAGER", "finance": "FINANCE", "check-in": "CHECK_IN", "viewer": "VIEWER", "dpo": "DPO"}
OWNER = "owner@demo.example"

ASK = "mutation($email: String!) { requestSignInLink(input: { email: $email }) { userErrors { code } } }"
REDEEM = """mutation($secret: String!) { redeemSignInLink(input: { secret: $secret }) {
    session { accessToken refreshToken } userErrors { code } } }"""
READS = """mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) { userErrors { code message } } }"""
INVITE = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) { userErrors { code message } } }"
CLAIM = "mutation($secret: String!) { claimPartnerToken(input: { secret: $secret }) { secret userErrors { code } } }"
ISSUE = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) { userErrors { code message } } }"
PUBLIC = """query($slug: String!) { event(organization: "demo", slug: $slug) { id slug kind status startsAt
    ticketTypes { id availability price { amount } } documents { id } sessions(first: 50) { edges { node { id } } } speakers { id }
    questions { id kind required ticketTypes { id } choices { id } }
    partners { id offers { id version purpose fields { field } } } } }"""
MANAGED = """query($slug: String!) { organization(slug: "demo") { organization { id }
    partners(first: 50) { edges { node { id revision contactEmail } } }
    teamMembers(first: 50) { edges { node { id revision } } }
    event(slug: $slug) { id revision quotas { id revision } questions { revision question { id } }
        ticketTypes { revision ticketType { id availability price { amount } } }
        partners { id revision partner { id } offers { id purpose inForce { version } requested { version } } }
        roster(first: 60) { edges { node { id email revision ticketType { id } checkIns { id } } } }
        orders(first: 40) { edges { node { id code status } } } mails(first: 40) { edges { node { id } } } } } }"""
NODE = """query($id: ID!) { node(id: $id) { id ... on ManagedEvent { revision event { id slug status kind startsAt } quotas { id revision } }
    ... on Event { slug status kind startsAt documents { id } } } }"""
ME = """{ me { id people { id registrations(first: 20) { edges { node { id revision consentRevision checkInCode email status
    event { id } ticketType { id } consents { offer { id } } } } } } } }"""
PLACES = """{ me { partnerMemberships { id } } partner { eventPartners(first: 50) { edges { node { id offers { purpose } } } } } }"""
ORDER = "query($secret: String!) { linkedOrder(secret: $secret) { id code status event { id } } }"


class Caller:
    def __init__(self, name, email=None):
        self.name, self.email = name, email
        self.token = None
        self.own = {}  # kind -> ids that are the caller's own

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class People:
    """Everybody, and what they can tell of the demo."""

    def __init__(self, installation, known):
        self.installation, self.known = installation, known
        self.session = requests.Session()
        self.issued = 0
        self.others = []  # attendees besides the one who calls
        self.read = set()  # mails that were looked at
        self.owner = Caller("owner", OWNER)
        self.owner.token = installation.facts["organizer"]["accessToken"]
        self.attendees = [one["email"] for one in installation.facts["attendees"]]
        self.administrator = installation.facts["partnerStaff"][0]["email"]

    def send(self, caller, document, **variables):
        """Something that has to work; its data."""
        answer = self.try_to(caller, document, **variables)
        refused = [payload for payload in (answer.data or {}).values() if isinstance(payload, dict) and payload.get("userErrors")]
        if answer.errors or refused:
            raise RuntimeError(f"{caller.name}: {document[:60]}: {answer.body}")
        return answer.data

    def try_to(self, caller, document, **variables):
        response = self.session.post(
            f"{self.installation.url}/graphql", json={"query": document, "variables": variables}, headers=caller.headers
        )
        answer = Answer(response.status_code, response.headers, response.content)
        self.known.learn(answer.data)
        return answer

    def all(self):
        """Everybody; those who may most come last, because they can end what the others need.

        A device at a door is not among them: its credential is a browser's cookie, which the API does not take.
        `tests/tests/foreign_ids.rs` and `tests/tests/matrix.rs` ask as one.
        """
        organization = self.known.all("organization")[0]
        everybody = [Caller("anonymous"), Caller("attendee", self.attendees[0]), Caller("partner"), Caller("partner-administrator", self.administrator)]
        reader = "reader@partner.example"
        wanted = {"idempotencyKey": "fuzz-reader", "partnerId": self.asking()[1], "email": reader}
        self.send(self.owner, READS, input=wanted)
        everybody.append(Caller("partner-member", reader))
        for name, role in [*STAFF.items(), ("event-manager", "MANAGER")]:
            email = f"{name}@staff.example"
            scope = {"eventId": self.known.kept[0]} if name == "event-manager" else {}
            wanted = {"idempotencyKey": f"fuzz-{name}", "organizationId": organization, "email": email, "role": role, **scope}
            self.send(self.owner, INVITE, input=wanted)
            everybody.append(Caller(name, email))
        order = ["anonymous", "partner", "partner-member", "partner-administrator", "attendee", "viewer", "check-in", "finance", "dpo", "event-manager", "manager"]
        return [next(one for one in everybody if one.name == name) for name in order] + [self.owner]

    def refresh(self, caller):
        """A fresh credential, and what its holder knows with it."""
        if caller.email:
            self.sign_in(caller)
        elif caller.name == "partner":
            self.claim(caller)
        if caller.name == "attendee":
            self.look_at_own(caller)
        elif caller.name.startswith("partner-"):
            self.look_at_places(caller)

    def sign_in(self, caller):
        nobody = Caller("anonymous")
        self.send(nobody, ASK, email=caller.email)
        secret = self.installation.newest_link("sign-in")
        session = self.send(nobody, REDEEM, secret=secret)["redeemSignInLink"]["session"]
        caller.token = session["accessToken"]
        return session

    def look_at_own(self, caller):
        me = self.send(caller, ME)["me"]
        people = me["people"]
        places = [edge["node"]["id"] for person in people for edge in person["registrations"]["edges"]]
        caller.own = {"person": [person["id"] for person in people], "registration": places}

    def look_at_places(self, caller):
        found = self.send(caller, PLACES)
        places = [edge["node"] for edge in found["partner"]["eventPartners"]["edges"]]
        asking = [(place["id"], offer["purpose"]) for place in places for offer in place["offers"]]
        caller.own = {
            "partnerMember": [one["id"] for one in found["me"]["partnerMemberships"]],
            "eventPartner": [place for place, _ in asking], "purpose": [purpose for _, purpose in asking],
        }

    def asking(self):
        """An offer in force, its partner, and that partner's place."""
        offer = next(one for one in self.known.all("offer") if self.known.fact(one, "inForce"))
        event_partner = self.known.fact(offer, "eventPartner")
        return offer, self.known.fact(event_partner, "partner"), event_partner

    def claim(self, caller):
        """A token for the first partner that asks for something, claimed by the link in its mail."""
        known = self.known
        offer, partner, event_partner = self.asking()
        scope = {"eventPartnerId": event_partner, "purposes": [known.fact(offer, "purpose")],
                 "fields": [{"field": name} for name in known.fact(offer, "fields") if name]}
        self.issued += 1
        wanted = {"idempotencyKey": f"fuzz-token-{self.issued}", "partnerId": partner, "name": "Fuzz", "scopes": [scope]}
        self.send(self.owner, ISSUE, input=wanted)
        secret = self.installation.newest_link("claim")
        caller.own = {"eventPartner": [event_partner], "purpose": [known.fact(offer, "purpose")]}
        caller.token = self.send(Caller("anonymous"), CLAIM, secret=secret)["claimPartnerToken"]["secret"]

    def read_mails(self, most_of_a_kind, newest):
        """Takes secrets of links from mails: some of each kind among the newest."""
        taken = {}
        for mail in self.installation.mails(newest):
            kind = mail["kind"]
            if mail["id"] in self.read or taken.get(kind, 0) >= most_of_a_kind:
                continue
            taken[kind] = taken.get(kind, 0) + 1
            self.read.add(mail["id"])
            for its, secret in self.installation.links(mail):
                self.known.secrets.setdefault(its, []).append(secret)

    def look_around(self):
        """Reads what is there as it is now, as the owner and as anybody."""
        known, nobody = self.known, Caller("anonymous")
        for event in known.kept or [None] * 2:
            slug = known.fact(event, "slug") if event else self.installation.facts["events"][len(known.all("event"))]["slug"]
            self.send(nobody, PUBLIC, slug=slug)
            self.send(self.owner, MANAGED, slug=slug)
        known.kept = known.kept or known.all("event")
        for event in known.all("event")[-12:]:
            if event not in known.kept:
                self.try_to(self.owner, NODE, id=event)
        for secret in known.secrets.get("order", []):
            if secret not in known.orders:
                order = self.send(nobody, ORDER, secret=secret)["linkedOrder"]
                known.orders[secret] = order["code"] if order else None
                if order and order["status"] == "PENDING":
                    known.payable.append(secret)
        # Who has five unused links gets no more: those who call must get theirs.
        mine = {self.owner.email, self.administrator, "reader@partner.example", *self.attendees, *(one.email for one in self.others)}
        emails = [known.fact(one, "email") for one in known.all("registration")]
        known.addresses = [email for email in dict.fromkeys(emails) if email and email not in mine][:60]

    def spare(self, count):
        """Sessions and links of others, for whoever tries to use them."""
        for email in self.known.addresses[:count]:
            other = Caller("other", email)
            try:
                self.known.refresh_tokens.append(self.sign_in(other)["refreshToken"])
            except RuntimeError:
                continue  # not everybody on the roster has an account, and the newest mail is another's
            self.look_at_own(other)
            self.others.append(other)
