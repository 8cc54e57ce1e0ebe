"""Arguments that the demo can do something with: real ids that belong together, revisions as they are, dates to come."""

import datetime

import graphql
from graphql import is_enum_type, is_input_object_type, is_list_type, is_non_null_type

import forms

WORDS = ["Ada Lovelace", "Größe & Söhne", "林 さくら", "O’Neill", "Zoë", "Ferris", "a 🦀 crab", "Évènement", "plain"]
# Ids by the name of the argument or input field.
IDS = {
    "organizationId": "organization", "eventId": "event", "eventSessionId": "eventSession", "speakerId": "speaker", "ticketTypeId": "ticketType",
    "ticketTypeIds": "ticketType", "quotaId": "quota", "quotaIds": "quota", "questionId": "question", "choiceIds": "choice",
    "acknowledgedDocumentIds": "document", "orderId": "order", "registrationId": "registration", "checkInId": "checkIn",
    "partnerId": "partner", "eventPartnerId": "eventPartner", "askedById": "eventPartner", "offerId": "offer", "tokenId": "token",
    "mailId": "mail", "paymentId": "payment", "personId": "person", "teamMemberId": "teamMember", "partnerMemberId": "partnerMember",
    "complaintId": "complaint", "disclosureId": "received", "deviceId": "doorDevice",
}
# The kind of link whose secret an operation takes.
SECRETS = {
    "emailConfirmation": "confirm", "confirmEmail": "confirm", "guardianRequest": "guardian", "decideAsGuardian": "guardian",
    "linkedOrder": "order", "linkedOrderOffers": "order", "decideAfterOrdering": "order",
    "linkedWebinar": "join", "joinWebinar": "join", "redeemSignInLink": "sign-in",
    "claimPartnerToken": "claim", "confirmAddressChange": "address",
}
PAST = {"from", "startsAt", "notBefore", "availableFrom"}
FIXED = {
    "country": ["DE", "FR", "US", "JP"], "currency": ["EUR", "CHF", "JPY"], "phone": ["+49 30 901820"],
    "postalCode": ["10115"], "city": ["Berlin"], "street": ["1 Way\n2nd floor"], "region": ["BE"],
    "iban": ["DE89 3704 0044 0532 0130 00"], "bic": ["COBADEFFXXX"], "vatId": ["DE136695976"],
    "noticeSha256": ["ab" * 32], "networks": ["192.0.2.0/24", "2001:db8::/32"], "list": ["dinner", "hall", "day two"],
    "socialProfile": ["https://social.example/@ada"], "secretKey": ["sk_test_4eC39HqLyjWDarjtT1zdp7dc"],
    "webhookSecret": ["whsec_Zm9vYmFyYmF6"], "mailPrefix": ["a", "toni@"], "orderCodePrefix": ["A", "B"], "action": ["viewRoster"],
}
SCALARS = {
    "Locale": ["en", "de", "en-GB"], "TimeZone": ["Europe/Berlin", "UTC", "America/New_York"], "Date": ["1990-05-05", "1970-01-01"],
    "Decimal": ["0.00", "20.00", "19", "7"], "URL": ["https://notices.example/a"],
}


class Plausible:
    """Makes the arguments of one request."""

    def __init__(self, random, known, caller, operation):
        self.random, self.known, self.caller, self.operation = random, known, caller, operation
        self.event = self._event()
        self.order = self.one_of([secret for secret, code in known.orders.items() if code])  # by its secret
        self.subject = None  # the thing that the input is about, whose revision it names

    def _event(self):
        events = self.known.all("event")
        if not events:
            return None
        if self.operation in forms.ENDS_EVENTS:
            wanted = forms.ENDS_EVENTS[self.operation]
            fit = [one for one in events if self.known.fact(one, "status") in wanted and (one not in self.known.kept or self.caller.name == "owner")]
            return self.random.choice(fit or events)
        # Most has happened at the demo's own events.
        return self.random.choice(self.known.kept if self.random.random() < 0.8 else events)

    def node(self, type_, name, owner=None):
        return literal(self.value(type_, name, owner), type_)

    def value(self, type_, name, owner=None):
        if is_non_null_type(type_):
            return self.value(type_.of_type, name, owner)
        if is_list_type(type_):
            return self._list(type_, name, owner)
        if is_input_object_type(type_):
            return self._object(type_, name)
        if is_enum_type(type_):
            own = self.caller.own.get(name) if owner == "PartnerAccess" else None
            return self.random.choice(own or list(type_.values))
        return self._scalar(type_.name, name, owner)

    def _list(self, type_, name, owner):
        of = graphql.get_named_type(type_)
        whole = forms.LISTS.get(of.name)
        if whole:
            return whole(self)
        if name in ("description", "help", "title", "label", "text", "content", "purpose"):
            return self.texts()
        items = [self.value(type_.of_type, name, owner) for _ in range(self.random.choice([1, 1, 2]))]
        items = [item for item in items if item is not None]
        return items if isinstance(items and items[0], dict) else list(dict.fromkeys(items))

    def _object(self, type_, name):
        whole = forms.OBJECTS.get(type_.name)
        if whole:
            return whole(self)
        found = {}
        # Ids first: what else is said is about them.
        fields = sorted(type_.fields.items(), key=lambda field: (not field[0].endswith("Id"), field[0] == "revision"))
        for key, field in fields:
            required = graphql.is_required_input_field(field)
            if required or self.random.random() < forms.WANTED.get((type_.name, key), 0.35):
                value = self.value(field.type, key, type_.name)
                if value is not None or required:
                    found[key] = value
        return forms.made_consistent(self, type_.name, found)

    def texts(self):
        both = [{"locale": "en", "text": self.word()}, {"locale": "de", "text": self.word()}]
        return both[: self.random.choice([1, 2])]

    def word(self):
        return self.random.choice(WORDS)

    def pick(self, kind):
        """A thing of this kind, of the event that the request is about; of those that the caller has, mostly theirs."""
        own = self.caller.own.get(kind) if self.caller else None
        if own and self.random.random() < 0.9:
            return self.random.choice(own)
        return self.known.pick(self.random, kind, self.event)

    def _id(self, name):
        if name == "eventId":
            return self.event
        if name == "memberId":
            # A token names no member.
            own = self.caller.own.get("partnerMember") if self.caller else None
            return self.random.choice(own) if own else None
        if name == "id":
            kind = "ticketType" if self.operation == "event" else self.random.choice(list(self.known.ids))
            return self.pick(kind)
        found = self.pick(IDS.get(name, "registration"))
        self.about(found)
        return found

    def about(self, thing):
        """From now on the request is about this."""
        self.subject = self.subject or thing
        self.event = self.known.event_of.get(thing, self.event)

    def _scalar(self, scalar, name, owner):
        random, known = self.random, self.known
        if scalar == "ID":
            return self._id(name)
        if scalar == "Boolean":
            return random.random() < 0.6
        if scalar == "Int":
            return self._number(name)
        if scalar == "DateTime":
            year = 2024 if name in PAST else 2028 + random.randrange(3)
            return f"{year}-0{random.randrange(1, 10)}-15T10:00:00Z"
        if scalar in SCALARS:
            return random.choice(SCALARS[scalar])
        if name == "secret" and self.operation in SECRETS:
            return self.one_of(known.secrets.get(SECRETS[self.operation]))
        if name == "secret":
            return self.order
        if name == "refreshToken":
            return self.one_of(known.refresh_tokens)
        if name == "idempotencyKey":
            return forms.key(self)
        if name == "slug":
            if owner == "Query" and self.operation == "organization":
                return "demo"
            return known.fact(self.event, "slug") if owner in ("Query", "ManagedOrganization") else forms.new_slug(self)
        if name == "organization":
            return "demo"
        if name == "code" and owner == "Query":
            return known.orders.get(self.order)
        if name == "code":
            return self.one_of(forms.codes(self))
        if name == "after":
            return self.one_of(known.cursors) if random.random() < 0.4 else None
        if name.lower().endswith("email"):
            return forms.address(self)
        if name in ("startsLocal", "endsLocal"):
            return "2027-06-01T09:00" if name == "startsLocal" else "2027-06-03T17:00"
        if name in FIXED:
            return random.choice(FIXED[name])
        return self.word()

    def _number(self, name):
        if name == "revision":
            return self.known.fact(self.subject, "revision", 1)
        if name in ("version", "offerVersion"):
            facts = self.known.facts.get(self.subject, {})
            return facts.get("requested") or facts.get("version") or 1
        wanted = {"first": (1, 20), "size": (50, 900), "retentionDays": (1, 365), "minimumAge": (0, 18), "consentAge": (13, 16),
                  "orderHoldMinutes": (15, 60), "transferHoldDays": (3, 14), "minPerOrder": (1, 1), "maxPerOrder": (2, 10)}
        return self.random.randint(*wanted.get(name, (1, 3)))

    def one_of(self, found):
        return self.random.choice(found) if found else None


def day(text, days=0):
    """The day of an instant of an answer."""
    return (datetime.datetime.fromisoformat(text) + datetime.timedelta(days=days)).date().isoformat()


def literal(value, type_):
    """A value as it is written in a document."""
    if is_non_null_type(type_):
        # A required value that is not known is still sent: the server has to refuse it in good order.
        return literal("" if value is None else value, type_.of_type)
    if value is None:
        return graphql.NullValueNode()
    if is_list_type(type_):
        items = value if isinstance(value, list) else [value]
        return graphql.ListValueNode(values=tuple(literal(item, type_.of_type) for item in items))
    if is_input_object_type(type_) and isinstance(value, dict):
        fields = [
            graphql.ObjectFieldNode(name=graphql.NameNode(value=key), value=literal(item, type_.fields[key].type))
            for key, item in value.items()
        ]
        return graphql.ObjectValueNode(fields=tuple(fields))
    if is_enum_type(type_):
        return graphql.EnumValueNode(value=value)
    if isinstance(value, bool):
        return graphql.BooleanValueNode(value=value)
    if isinstance(value, int):
        return graphql.IntValueNode(value=str(value))
    return graphql.StringValueNode(value=str(value))
