"""Inputs whose parts must fit each other: orders, answers, consents, questions, tokens, times."""

import re

# What ends an event, with the states from which it can.
ENDS_EVENTS = {"publishEvent": ["DRAFT"], "cancelEvent": ["PUBLISHED", "DRAFT"], "closeEvent": ["PUBLISHED"], "archiveEvent": ["CLOSED", "CANCELLED"]}
# How often an optional field is sent, where it matters.
WANTED = {
    # No session of anybody else is known; one's own is meant.
    ("SignOutInput", "sessionId"): 0,
    ("AddEventPartnerInput", "noticeSha256"): 0.9, ("AddEventPartnerInput", "partnerId"): 1.0,
    ("SetProviderAccountInput", "bankTransfer"): 1.0, ("SetProviderAccountInput", "stripe"): 0.1,
    ("RosterFilter", "name"): 0.1, ("RosterFilter", "status"): 0.2, ("UpdateEventInput", "slug"): 0.05,
    ("UpdateEventInput", "asksDateOfBirth"): 0.05, ("UpdateEventInput", "requiresParentalPermission"): 0.05,
    ("DraftOfferInput", "revision"): 0.2, ("UpdateEventInput", "minimumAge"): 0.05, ("UpdatePartnerInput", "active"): 0.1, ("UpdateEventPartnerInput", "active"): 0.1,
    ("UpdateEventPartnerInput", "role"): 0.1, ("InviteTeamMemberInput", "endsAt"): 0.2, ("WithdrawConsentInput", "fields"): 0.2,
    ("CheckInInput", "list"): 0.9, ("UpdateRegistrationInput", "email"): 0.1, ("CorrectRegistrationInput", "email"): 0.1,
}
STANDARD = ["FULL_NAME", "EMAIL", "COMPANY", "JOB_TITLE", "CITY", "COUNTRY"]
WRITTEN = {
    "TEXT": "A compiler", "LONG_TEXT": "Everything.\nTwice.", "NUMBER": "7", "YES_NO": "yes", "DATE": "2027-02-28",
    "COUNTRY": "FR", "PHONE": "+49 30 901820", "URL": "https://project.example/",
}


def key(make):
    if make.known.keys and make.random.random() < 0.05:
        return make.random.choice(make.known.keys)
    fresh = f"fuzz-{make.random.getrandbits(64):016x}"
    make.known.keys.append(fresh)
    return fresh


def new_slug(make):
    return f"fuzz-{make.random.getrandbits(32):08x}"


def address(make):
    if make.random.random() < 0.4 and make.known.addresses:
        return make.random.choice(make.known.addresses)
    return f"fuzz-{make.random.getrandbits(32):08x}@people.example"


def codes(make):
    """Codes of the kind that the operation reads."""
    known = make.known
    if make.operation == "checkIn":
        return [facts["checkInCode"] for own, facts in known.facts.items() if facts.get("checkInCode") and known.event_of.get(own) == make.event]
    return [facts["code"] for facts in known.facts.values() if facts.get("code")] or list(known.orders.values())


def asked(make, ticket_type):
    """The questions that whoever has this ticket is asked."""
    known = make.known
    found = [one for one in known.ids.get("question", ()) if known.event_of.get(one) == make.event]
    return [one for one in found if not known.fact(one, "ticketTypes") or ticket_type in known.fact(one, "ticketTypes")]


def answer(make, question):
    kind = make.known.fact(question, "kind", "TEXT")
    if kind in ("CHOICE", "MULTIPLE_CHOICE"):
        return {"questionId": question, "choiceIds": (make.known.fact(question, "choices") or [])[:1]}
    return {"questionId": question, "value": WRITTEN.get(kind, "yes")}


def answers(make, ticket_type=None):
    known = make.known
    ticket_type = ticket_type or known.fact(make.subject, "ticketType")
    return [answer(make, one) for one in asked(make, ticket_type) if known.fact(one, "required") or make.random.random() < 0.2]


def offered(make, offer=None, most=2):
    """Fields as an input names them: those of an offer, or some that may be shared."""
    names = list(make.known.fact(offer, "fields") or []) if offer else STANDARD
    names = [name for name in names if isinstance(name, str) and re.fullmatch("[A-Z_]+", name)] or ["EMAIL"]
    return [{"field": name} for name in make.random.sample(names, min(most, len(names)))]


def consent(make):
    known, random = make.known, make.random
    found = [one for one in known.all("offer", make.event) if known.fact(one, "version")]
    if not found:
        return None
    offer = random.choice(found)
    decision = random.choice(["GRANT", "GRANT", "REFUSE"])
    fields = {"fields": offered(make, offer)} if decision == "GRANT" else {}
    return {"offerId": offer, "offerVersion": known.fact(offer, "version"), "decision": decision, **fields}


def consents(make):
    found = [one for one in (consent(make) for _ in range(make.random.choice([0, 1, 2]))) if one]
    return list({one["offerId"]: one for one in found}.values())


def ticket_type(make):
    """One that is free and on sale, mostly."""
    known = make.known
    of_event = known.all("ticketType", make.event)
    on_sale = [one for one in of_event if known.fact(one, "availability") in ("AVAILABLE", "FEW_LEFT")]
    free = [one for one in on_sale if known.fact(one, "price") == "0.00"]
    return make.one_of((free if make.random.random() < 0.6 else on_sale) or of_event)


def attendee(make, buyer=None):
    ticket = ticket_type(make)
    found = {
        "ticketTypeId": ticket, "fullName": make.word(), "email": address(make), "ofAge": True, "answers": answers(make, ticket),
        "acknowledgedDocumentIds": make.known.current_documents(make.event), "company": make.word(),
    }
    if buyer:
        found |= {"fullName": buyer["fullName"], "email": buyer["email"], "isBuyer": True, "consents": consents(make)}
    if make.random.random() < 0.1:
        found |= {"ofAge": False, "guardian": {"fullName": make.word(), "email": address(make)}}
    return found


def register(make):
    buyer = {"fullName": make.word(), "email": address(make)}
    if make.random.random() < 0.3:
        place = {"street": "1 Way", "postalCode": "10115", "city": "Berlin", "country": "DE"}
        buyer["billing"] = {"address": place, "company": make.word(), "vatId": "DE136695976"}
    attendees = [attendee(make, buyer)]
    if make.random.random() < 0.3:
        attendees.append(attendee(make))
    return {"idempotencyKey": key(make), "eventId": make.event, "buyer": buyer, "attendees": attendees, "locale": "en"}


def pay(make):
    secret = make.one_of(make.known.payable or list(make.known.orders))
    return {"idempotencyKey": key(make), "organization": "demo", "orderCode": make.known.orders.get(secret), "orderSecret": secret,
            "method": make.random.choice(["BANK_TRANSFER", "BANK_TRANSFER", "STRIPE_CHECKOUT"])}


def question(make):
    random = make.random
    kind = random.choice([*WRITTEN, "CHOICE", "MULTIPLE_CHOICE"])
    shareable = random.random() < 0.3
    choices = [{"label": make.texts()} for _ in range(random.randint(2, 3))] if "CHOICE" in kind else []
    types = make.known.all("ticketType", make.event)
    return {"kind": kind, "label": make.texts(), "purpose": make.texts(), "required": False, "shareable": shareable,
            "sensitivity": "ORDINARY" if shareable else random.choice(["ORDINARY", "HEALTH"]), "choices": choices, "retentionDays": 30,
            "ticketTypeIds": random.sample(types, 1) if types and random.random() < 0.4 else []}


def ticket_terms(make):
    random = make.random
    quotas = make.known.all("quota", make.event)
    return {"name": make.texts(), "price": random.choice(["0.00", "20.00", "249.00"]), "priceIncludesTax": random.random() < 0.7,
            "taxRate": random.choice(["0", "7", "19.0"]), "visibility": random.choice(["PUBLIC", "HIDDEN"]),
            "quotaIds": random.sample(quotas, 1) if quotas else [], "position": random.randrange(5)}


def session(make):
    known = make.known
    starts = known.fact(make.event, "startsAt", "2027-06-01T07:00:00Z")[:10]
    hour = make.random.choice([16, 16, 10])
    return {"title": make.texts(), "startsLocal": f"{starts}T{hour}:10", "endsLocal": f"{starts}T{hour}:40", "place": make.word(),
            "speakerIds": known.all("speaker", make.event)[:1]}


def speaker(make):
    return {"name": make.word(), "headline": make.texts(), "biography": make.texts(), "website": make.random.choice([None, "https://speaker.example/"]),
            "position": make.random.randrange(5)}


def scope(make):
    """What a token covers: an event partner of the partner that the request is about."""
    known = make.known
    its = [one for one in known.ids.get("eventPartner", ()) if known.fact(one, "partner") == make.subject]
    event_partner = make.one_of(its) or make.pick("eventPartner")
    offers = [one for one in known.ids.get("offer", ()) if known.fact(one, "eventPartner") == event_partner]
    offer = make.one_of(offers)
    return [{"eventPartnerId": event_partner, "purposes": [known.fact(offer, "purpose", "EVENT_FOLLOW_UP")], "fields": offered(make, offer, 1)}]


def quote_items(make):
    return [{"ticketTypeId": ticket_type(make), "quantity": make.random.randint(1, 2)}]


def made_consistent(make, of, found):
    """What the parts of an input demand of each other."""
    known = make.known
    if of == "AddEventPartnerInput" and found.get("role") == "HOST":
        found.pop("partnerId", None)
    if of in ("IssuePartnerTokenInput",):
        found.pop("notBefore", None)
        found.pop("expiresAt", None)
    if of == "SetConsentsInput":
        found |= {"revision": known.fact(found["registrationId"], "consentRevision", 1), "ofAge": True}
        found.pop("guardian", None)
    if of in ("UpdateEventInput",):
        found["revision"] = known.fact(found["eventId"], "revision", 1)
        if found["eventId"] in known.kept:
            for name in ("startsLocal", "endsLocal", "timeZone", "slug", "defaultLocale"):
                found.pop(name, None)
        if known.fact(found["eventId"], "kind") == "CONFERENCE":
            found.pop("joinUrl", None)
        else:
            found.pop("venue", None)
        if ("startsLocal" in found) != ("endsLocal" in found):
            found.pop("startsLocal", None)
            found.pop("endsLocal", None)
    if of in ("ApproveOfferInput", "RejectOfferInput", "WithdrawOfferInput"):
        wanted = "inForce" if of == "WithdrawOfferInput" else "requested"
        fit = [one for one in known.ids.get("offer", ()) if known.fact(one, wanted)]
        if fit:
            offer = make.random.choice(fit)
            found |= {"offerId": offer, "version": known.fact(offer, wanted)}
    for name in ("startsAt", "endsAt"):
        if of in ("RequestOfferInput", "ReviseOfferInput") and make.random.random() < 0.8:
            found.pop(name, None)
    if of == "RosterFilter" and len(found) > 1:
        found = dict(make.random.sample(list(found.items()), 1))
    return found


OBJECTS = {
    "RegisterInput": register, "AttendeeInput": attendee, "StartPaymentInput": pay, "QuestionTermsInput": question,
    "TicketTypeTermsInput": ticket_terms, "EventSessionTermsInput": session, "SpeakerTermsInput": speaker,
    "OfferedFieldInput": lambda make: offered(make, most=1)[0],
    "GuardianInput": lambda make: {"fullName": make.word(), "email": address(make)},
}
LISTS = {
    "AnswerInput": answers, "ConsentInput": consents, "TokenScopeInput": scope, "QuoteItemInput": quote_items,
    "OfferedFieldInput": lambda make: offered(make, make.subject if make.operation == "withdrawConsent" else None),
}
