"""Sends generated GraphQL documents to a running program as each kind of client, and fails if it ever breaks.

usage: hostile_documents.py PROGRAM [SECONDS]

schemathesis makes documents from schema.graphql, for every root field and every mutation. So that they get past the
first door, some of their values are replaced: slugs by the demo's, ids by ids that earlier answers held. The program is
the demo in a folder of its own; it is started anew before each batch, which gives each batch fresh credentials.
`signOut` and `requestErasure` end the credential that sends them, so they have batches of their own.

It fails when an answer is a server error (HTTP 5xx or the code INTERNAL), when there is no answer, when the program
panics or ends, and when too few answers held anything: then nothing would be shown.
"""

import collections
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

import graphql
import hypothesis
import requests
import schemathesis
from hypothesis import strategies

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schema.graphql"
ENDING = {"signOut", "requestErasure"}
# The least share of answers without any error, per batch of many operations.
LEAST = 0.05

quoted = graphql.StringValueNode
SCALARS = {
    "Date": ["2027-03-01", "1999-12-31", "2027-02-30"],
    "DateTime": ["2027-03-01T09:00:00Z", "1970-01-01T00:00:00Z", "tomorrow"],
    "Decimal": ["19", "7.5", "-1"],
    "Locale": ["en", "de", "x"],
    "TimeZone": ["Europe/Berlin", "UTC", "Nowhere"],
    "URL": ["https://acme.example/a", "http://[::1", "javascript:1"],
}
for name, texts in SCALARS.items():
    nodes = [quoted(value=text) for text in texts]
    schemathesis.graphql.scalar(name, strategies.sampled_from(nodes))


class Server:
    """The demo, in a folder that outlives it."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        environment = os.environ | {
            "CONSENTRY_SERVER__LISTEN": address,
            "CONSENTRY_LIMITS__REQUESTS_PER_MINUTE_PER_ADDRESS": "1000000",
            "CONSENTRY_LIMITS__REQUESTS_PER_MINUTE_PER_CREDENTIAL": "1000000",
        }
        self.log = open(self.folder / "log", "ab")
        self.facts_file = self.folder / "data" / "demo.json"
        self.facts_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, "demo"], cwd=folder, env=environment, stdout=self.log, stderr=self.log
        )
        self.url = f"http://{address}"
        self.wait()
        self.facts = json.loads(self.facts_file.read_text())

    def wait(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            try:
                if self.facts_file.exists() and requests.get(f"{self.url}/readyz", timeout=5).ok:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
        self.stop()
        sys.exit(f"the demo does not start:\n{self.said()}")

    def said(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


class Rewriter(graphql.Visitor):
    """Puts values that exist where a document has made some up."""

    def __init__(self, chance, facts, ids):
        super().__init__()
        self.chance, self.ids = chance, ids
        self.slugs = {"organization": [facts["events"][0]["organization"]], "event": [e["slug"] for e in facts["events"]]}
        self.field = []

    def enter_field(self, node, *_):
        self.field.append(node.name.value)

    def leave_field(self, *_):
        self.field.pop()

    def value(self, name):
        if name == "slug":
            name = self.field[-1] if self.field else "event"
        if name in self.slugs:
            return self.chance.choice(self.slugs[name])
        if (name == "id" or name.endswith(("Id", "Ids"))) and self.ids:
            return self.chance.choice(self.ids)
        return None

    def replaced(self, node):
        name, value = node.name.value, node.value
        if name == "first" and isinstance(value, graphql.IntValueNode):
            value.value = str(self.chance.randint(1, 20))
        if isinstance(value, graphql.StringValueNode) and self.chance.random() < 0.85:
            known = self.value(name)
            if known is not None:
                node.value = graphql.StringValueNode(value=known)

    def enter_argument(self, node, *_):
        self.replaced(node)

    def enter_object_field(self, node, *_):
        self.replaced(node)


def ids_in(value):
    """Every id that an answer holds."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "id" and isinstance(inner, str):
                yield inner
            else:
                yield from ids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner)


class Batch:
    """What one kind of client sent, and what became of it."""

    def __init__(self, name, server, token, ids):
        self.name, self.server, self.ids = name, server, ids
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"
        self.chance = random.Random(name)
        self.outcomes = collections.Counter()
        self.broken = []

    def send(self, document):
        try:
            document = graphql.parse(document)
            document = graphql.visit(document, Rewriter(self.chance, self.server.facts, self.ids))
            document = graphql.print_ast(document)
        except (graphql.GraphQLError, UnicodeEncodeError, RecursionError):
            self.outcomes["not a document"] += 1
            return
        try:
            body = json.dumps({"query": document})
            headers = {"Content-Type": "application/json"}
            answer = self.session.post(f"{self.server.url}/graphql", data=body, headers=headers, timeout=30)
            self.judge(document, answer)
        except requests.RequestException as error:
            self.broken.append((repr(error), document))

    def judge(self, document, answer):
        try:
            said = answer.json()
        except ValueError:
            said = {}
        errors = said.get("errors") or []
        codes = {error.get("extensions", {}).get("code", "none") for error in errors}
        if answer.status_code >= 500 or "INTERNAL" in codes:
            self.broken.append((f"{answer.status_code} {answer.text[:500]}", document))
        data = said.get("data")
        for code in codes:
            self.outcomes[code] += 1
        if not errors:
            payloads = [value for value in (data or {}).values() if isinstance(value, dict)]
            refused = any(payload.get("userErrors") for payload in payloads)
            holds = any(value is not None for value in (data or {}).values())
            self.outcomes["refused by a mutation" if refused else "answered" if holds else "absent"] += 1
        for found in ids_in(data):
            if found not in self.ids and len(self.ids) < 2000:
                self.ids.append(found)

    def run(self, operations, seconds):
        until = time.monotonic() + seconds
        operations = list(operations)
        self.chance.shuffle(operations)
        while time.monotonic() < until and not self.broken:
            for operation in operations:
                if time.monotonic() > until or self.broken:
                    break
                self.some(operation)

    def some(self, operation):
        seed = self.chance.randrange(2**32)
        settings = hypothesis.settings(
            max_examples=2, deadline=None, database=None, phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )

        @hypothesis.seed(seed)
        @settings
        @hypothesis.given(operation.as_strategy())
        def sends(case):
            self.send(case.body)

        sends()

    def report(self):
        sent = sum(self.outcomes.values())
        answered = self.outcomes["answered"]
        share = answered / sent if sent else 0
        print(f"{self.name}: {sent} documents, {answered} answered ({share:.0%}); {dict(self.outcomes)}", flush=True)
        for what, document in self.broken[:3]:
            print(f"BROKEN: {what}\n{document[:4000]}", flush=True)
        return share


def main():
    program = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 40
    schema = schemathesis.graphql.from_path(SCHEMA)
    schema.config.update(base_url="http://127.0.0.1/graphql")
    operations = [result.ok() for result in schema.get_all_operations()]
    named = {operation.definition.field_name: operation for operation in operations}
    many = [operation for name, operation in named.items() if name not in ENDING]
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        ids = []
        batches = [
            ("organizer", lambda facts: facts["organizer"]["accessToken"], many),
            ("attendee", lambda facts: facts["attendees"][0]["accessToken"], many),
            ("partner", lambda facts: facts["partnerTokens"][0]["token"], many),
            ("anonymous", lambda _: None, many),
        ]
        for name in sorted(ENDING & named.keys()):
            batches.append((name, lambda facts: facts["attendees"][1]["accessToken"], [named[name]]))
        for name, token, of in batches:
            server = Server(program, folder)
            batch = Batch(name, server, token(server.facts), ids)
            batch.run(of, seconds / 4.5 if of is many else seconds / 40)
            share = batch.report()
            ended = server.process.poll() is not None
            server.stop()
            panicked = "panicked at" in (server.folder / "log").read_text(errors="replace")
            if ended or panicked:
                print(f"the program {'ended' if ended else 'panicked'}:\n{server.said()}", flush=True)
            bad = bad or ended or panicked or bool(batch.broken) or (of is many and share < LEAST)
    sys.exit(1 if bad else 0)


main()
