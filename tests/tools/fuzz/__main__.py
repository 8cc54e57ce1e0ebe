"""Sends schemathesis' requests to a running demo, as everybody who may call, and looks at every answer.

    python tests/tools/fuzz BINARY [--long]

schemathesis makes the documents from the schema: which fields, which arguments, which values. Alone it would learn
little, because nobody guesses an id, so most arguments are put together anew from what the demo holds (`plausible.py`); the
others stay as they are, hostile. The same seed makes the same requests. It fails on a 5xx, an internal error, an answer that is
none, an error or a panic in the log, a server that ended, a lead table or quotas that disagree with the truth afterwards,
and when too few requests were done for the run to mean anything.
"""

import argparse
import collections
import random
import sys
import tempfile
import time
from pathlib import Path

import graphql
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.failures import Failure

from answers import Answer
from installation import Installation
from known import Known
from people import Caller, People
from plausible import SCALARS
from rewrite import rewritten

SEED = 20_270_301
ROOT = Path(__file__).parents[3]
# How many requests for one operation and caller; of queries that lead far, more.
EACH, DEEP = 2, {"organization": 4, "me": 2, "partner": 8, "event": 2, "node": 2}
# What ends something that others need: at the end. What ends the caller's own credential: in runs of its own.
ENDS = [
    "withdrawConsent", "withdrawAllConsents", "undoCheckIn", "rejectOffer", "withdrawOffer", "removeEventSession", "removeSpeaker", "archiveQuestion",
    "archiveTicketType", "liftQuarantine", "liftRestriction", "quarantineRegistration", "restrictPerson", "cancelRegistration",
    "cancelRegistrationAsStaff", "cancelOrder", "updatePartner", "updateEventPartner", "revokePartnerToken", "removePartnerMember", "removeTeamMember",
    "updatePartnerMember", "discardOfferDraft", "takeBackOffer", "revokeOwnToken", "removeRosterView",
    "updateTeamMember", "cancelEvent", "closeEvent", "archiveEvent",
]
ALONE = ["signOut", "requestErasure"]
# Least shares of what may be done that is done, in percent: below, the run would show nothing.
LEAST, LEAST_OF_ONE = 45, 30


def reachable():
    """Who may call which root field, from the table that says who may do what."""
    lines = [line.split("\t") for line in (ROOT / "tests/tests/matrix.tsv").read_text().splitlines() if not line.startswith("#")]
    head, *rows = lines
    return {row[0]: {name for name, word in zip(head[3:], row[3:]) if word == "yes"} for row in rows if "." not in row[0]}


def teach_scalars():
    """Any text may be sent as one of our scalars: what it is, the server judges."""
    for name, good in {**SCALARS, "DateTime": ["2027-03-01T09:00:00Z"]}.items():
        texts = st.one_of(st.sampled_from(good), st.text(max_size=20))
        schemathesis.graphql.scalar(name, texts.map(lambda text: graphql.StringValueNode(value=text)))


class Run:
    def __init__(self, installation, schema, times):
        self.installation, self.schema, self.times = installation, schema, times
        self.known = Known()
        self.people = People(installation, self.known)
        self.may = reachable()
        self.tally = {}  # caller -> words -> how often, of what the caller may do
        self.by_operation = {}
        self.documents = {}  # operation -> what schemathesis made for it
        self.refused = collections.Counter()  # words of answers to what the caller may not do
        self.defects = []
        self.sent = 0

    def operation(self, name):
        return self.schema["Query" if name in self.schema.client_schema.query_type.fields else "Mutation"][name]

    def batch(self, caller, names):
        """Some operations with one fresh credential."""
        self.people.read_mails(1, 20)
        self.people.look_around()
        self.people.refresh(caller)
        for name in names:
            allowed = caller.name in self.may[name]
            self.each(caller, name, (EACH * DEEP.get(name, 1) if allowed else 1) * self.times)

    def each(self, caller, name, count):
        """Everybody gets other arguments in the same documents: to make one costs more than to answer it."""
        if name not in self.documents:
            self.documents[name] = self.generated(name)
        made = self.documents[name]
        order = random.Random(f"{SEED}:{caller.name}:{name}").sample(made, len(made))
        for number in range(count):
            self.visit(caller, name, number, order[number % len(order)])

    def generated(self, name):
        found = []

        @seed(f"{SEED}:{name}")
        @settings(
            max_examples=(EACH * DEEP.get(name, 1) + 1) * self.times, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self.operation(name).as_strategy())
        def keep(case):
            found.append(graphql.parse(case.body))

        keep()
        return found

    def visit(self, caller, name, number, made):
        self.sent += 1
        dice = random.Random(f"{SEED}:{caller.name}:{name}:{number}")
        document = rewritten(made, self.schema.client_schema, dice, self.known, caller)
        case = self.operation(name).Case(body=graphql.print_ast(document), media_type="application/json")
        response = case.call(base_url=f"{self.installation.url}/graphql", session=self.people.session, headers=caller.headers)
        answer = Answer(response.status_code, {"content-type": "".join(response.headers.get("content-type", []))}, response.content)
        found = answer.defects(self.schema.client_schema, document)
        try:
            case.operation.schema.validate_response(case.operation, response, case=case)
        except Failure as failure:
            found.append(f"schemathesis: {failure}")
        self.defects.extend(f"{caller.name}, {name}: {what}\n    {case.body}\n    {answer.body}" for what in found)
        self.known.learn(answer.data)
        word = answer.word()
        if caller.name in self.may[name]:
            self.tally.setdefault(caller.name, collections.Counter())[word] += 1
            self.by_operation.setdefault(name, collections.Counter())[word] += 1
        else:
            self.refused[word] += 1

    def everything(self):
        self.people.look_around()
        self.people.read_mails(5, 5000)
        everybody = self.people.all()
        self.people.spare(8)
        fields = self.schema.client_schema.query_type.fields
        queries = [name for name in self.may if name in fields]
        mutations = [name for name in self.may if name not in fields and name not in ENDS + ALONE]
        for names in (queries, mutations, ENDS):
            for caller in everybody:
                self.batch(caller, names)
        # A fresh credential for each request that ends it. Staff may have lost their roles by now; attendees have none.
        for name in ALONE:
            for caller in [Caller("attendee", email) for email in self.people.attendees[1:3]] + self.people.others[:3]:
                caller.name = "attendee"
                try:
                    self.people.refresh(caller)
                except RuntimeError as error:
                    # Whose address was changed or whose account is gone gets no link; enough of them must.
                    print(f"  no credential for another {name}: {error}")
                    continue
                self.each(caller, name, 1)
                self.people.try_to(caller, "{ me { id } }")


def share(words):
    return 100 * words["done"] / max(1, words.total())


def report(run, verbose):
    """Prints what was answered; what is wrong with it."""
    wrong = []
    total = collections.Counter()
    print("\nof what each may do            requests   done   user errors   absent   errors")
    for name, words in run.tally.items():
        total.update(words)
        user = sum(count for word, count in words.items() if word.startswith("user:"))
        errors = words.total() - words["done"] - user - words["absent"]
        print(f"  {name:<28} {words.total():>8} {share(words):>5.0f} % {user:>12} {words['absent']:>8} {errors:>8}")
        if share(words) < LEAST_OF_ONE:
            wrong.append(f"{name}: only {share(words):.0f} % of the requests were done")
    print(f"  {'all':<28} {total.total():>8} {share(total):>5.0f} %")
    print(f"  of what they may not do: {dict(run.refused.most_common())}")
    if verbose:
        for name, words in run.by_operation.items():
            print(f"  {name:<28} {share(words):>5.0f} % {dict(words.most_common(6))}")
    wrong += [f"{name} was never done" for name in ALONE if not run.by_operation.get(name, {}).get("done")]
    if share(total) < LEAST:
        wrong.append(f"only {share(total):.0f} % of all requests were done")
    never = [name for name, words in run.by_operation.items() if not words["done"]]
    if never:
        print(f"  never done: {', '.join(never)}")
    return wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("--long", action="store_true", help="eight times as many requests")
    arguments.add_argument("--verbose", action="store_true", help="the answers to each operation")
    options = arguments.parse_args()
    schema = schemathesis.graphql.from_file((ROOT / "schema.graphql").read_text())
    teach_scalars()
    began = time.monotonic()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="consentry-fuzz.") as folder:
        installation = Installation(options.binary, folder)
        run = None
        try:
            print(f"the demo answers after {time.monotonic() - began:.0f} s")
            run = Run(installation, schema, 8 if options.long else 1)
            run.everything()
            wrong += run.defects
            if not installation.is_alive():
                wrong.append("the server ended")
            elif not installation.stop():
                wrong.append("the server did not end well")
            wrong += [f"the log: {line}" for line in installation.complaints()]
            for command in ("verify", "doctor"):
                status, said = installation.ask(command)
                print(f"{command}: {said.strip()}")
                if status != 0:
                    wrong.append(f"consentry {command} found something")
        finally:
            installation.close()
    wrong += report(run, options.verbose)
    print(f"{run.sent} requests in {time.monotonic() - began:.0f} s, seed {SEED}")
    for line in list(dict.fromkeys(wrong))[:20]:
        print(f"WRONG: {line}")
    if len(wrong) > 20:
        print(f"… and {len(wrong) - 20} more")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
