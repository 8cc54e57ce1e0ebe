"""What the demo holds, as far as answers have told: ids by type, revisions, codes, secrets."""

import base64

# The first byte of a public id says of what it is.
KINDS = {
    1: "organization", 4: "teamMember", 6: "person", 7: "event", 8: "eventSession", 9: "document", 10: "ticketType",
    11: "quota", 12: "question", 13: "choice", 14: "order", 15: "orderLine", 16: "registration", 17: "checkIn", 19: "payment",
    20: "partner", 21: "eventPartner", 22: "offer", 23: "lead", 26: "token", 27: "disclosure", 28: "mail", 31: "consent",
    40: "received", 41: "partnerMember", 42: "speaker", 44: "complaint", 48: "doorDevice",
}
MOST = 300  # of a kind that are remembered
# What belongs to an event, so that a request names things of one event.
OF_EVENT = {"eventSession", "speaker", "document", "ticketType", "quota", "question", "order", "registration", "eventPartner", "offer", "mail"}


def kind_of(text):
    """Of what a text is the public id; nothing where it is none."""
    if not isinstance(text, str) or not 20 < len(text) < 80:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    if len(raw) % 16 != 1 or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        return None
    return KINDS.get(raw[0])


class Known:
    def __init__(self):
        self.ids = {}  # kind -> ids, oldest first
        self.facts = {}  # id -> what answers said of it
        self.event_of = {}  # id -> the id of its event
        self.cursors = []
        self.secrets = {}  # kind of link -> secrets
        self.orders = {}  # secret of an order -> its code
        self.addresses = []
        self.keys = []  # idempotency keys that were used
        self.refresh_tokens = []
        self.kept = []  # the demo's own events, which are not ended before the end
        self.payable = []  # secrets of orders that wait for money
        self.documents = {}  # event -> the documents in force

    def learn(self, value, event=None, above=None):
        """Takes in whatever an answer tells."""
        if isinstance(value, list):
            for item in value:
                self.learn(item, event, above)
            return
        if not isinstance(value, dict):
            return
        own = value.get("id")
        kind = kind_of(own)
        if kind == "event":
            event = own
        elif isinstance(value.get("event"), dict) and kind_of(value["event"].get("id")) == "event":
            event = value["event"]["id"]
        if kind:
            self._note(own, kind, event, value, above)
        inner = next((value[key] for key in ("question", "ticketType", "event", "registration") if isinstance(value.get(key), dict)), {})
        if kind is None and "revision" in value and kind_of(inner.get("id")):
            self.facts.setdefault(inner["id"], {})["revision"] = value["revision"]
        for key, item in value.items():
            if isinstance(item, str) and key in ("cursor", "endCursor", "startCursor"):
                self.cursors = [*self.cursors[-40:], item]
            if isinstance(item, (dict, list)):
                self.learn(item, event, own if kind else above)

    def _note(self, own, kind, event, value, above):
        all_of_kind = self.ids.setdefault(kind, {})
        if own not in all_of_kind and len(all_of_kind) < MOST:
            all_of_kind[own] = None
        facts = self.facts.setdefault(own, {})
        for key, item in value.items():
            if not isinstance(item, (dict, list)):
                facts[key] = item
            elif isinstance(item, dict) and kind_of(item.get("id")):
                facts[key] = item["id"]
            elif isinstance(item, dict) and isinstance(item.get("amount"), str):
                facts[key] = item["amount"]
            elif isinstance(item, list) and key in ("choices", "questions", "fields", "ticketTypes"):
                facts[key] = [one.get("id") or one.get("field") or one.get("questionId") for one in item if isinstance(one, dict)]
            elif isinstance(item, dict) and key in ("inForce", "requested"):
                facts[key] = item.get("version")
        if facts.get("version") is None and facts.get("inForce") is not None:
            facts["version"] = facts["inForce"]
        if kind == "choice" and above:
            facts["of"] = above
        if kind == "offer" and kind_of(above) == "eventPartner":
            facts["eventPartner"] = above
        if kind == "event" and isinstance(value.get("documents"), list):
            self.documents[own] = [one["id"] for one in value["documents"] if "id" in one]
        if event and kind in OF_EVENT:
            self.event_of.setdefault(own, event)

    def current_documents(self, event):
        return self.documents.get(event, [])

    def fact(self, own, name, otherwise=None):
        found = self.facts.get(own, {}).get(name)
        return otherwise if found is None else found

    def all(self, kind, event=None):
        found = list(self.ids.get(kind, ()))
        if event and kind in OF_EVENT:
            found = [one for one in found if self.event_of.get(one) == event] or found
        return found

    def pick(self, random, kind, event=None):
        """One of a kind, mostly of this event; nothing where none is known."""
        found = self.all(kind, event if random.random() < 0.95 else None)
        return random.choice(found) if found else None
