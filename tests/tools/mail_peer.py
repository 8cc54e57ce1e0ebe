"""A mail server that tests deliver to: accepts on loopback, and tells in JSON what arrived.

    mail_peer.py serve     prints {"port": …}, then a line per mail that it accepted; ends with its standard input
    mail_peer.py calendar  reads a calendar file from standard input and prints what it holds

A receiver's address says how it is treated: refuse@… is refused for good (550), later@… for now (451), once@… is
refused for good the first time, odd@… is told that a command is unknown (502).
"""

import asyncio
import base64
import email
import email.policy
import json
import sys

import icalendar
from aiosmtpd.smtp import SMTP


def say(value):
    print(json.dumps(value), flush=True)


class Peer:
    def __init__(self):
        self.seen = set()  # receivers that were refused once, over all connections

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "refuse":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if local == "later":
            return f"451 4.7.1 <{address}>: come back later"
        if local == "odd":
            return "502 5.5.1 command not implemented"
        if local == "once" and address not in self.seen:
            self.seen.add(address)
            return f"550 5.7.1 <{address}>: not this time"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = parsed(envelope.content)
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos, **mail})
        return "250 OK"


def parsed(content):
    message = email.message_from_bytes(content, policy=email.policy.default)
    bodies, files = {}, []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), part.get_filename()
        if name is None and part["Content-ID"] is None and kind in ("text/plain", "text/html"):
            bodies[kind] = part.get_content().replace("\r\n", "\n")
            continue
        data = part.get_payload(decode=True)
        file = {
            "type": kind,
            "parameters": dict(part["Content-Type"].params),
            "name": name,
            "id": part["Content-ID"] and str(part["Content-ID"]).strip(),
            "disposition": part.get_content_disposition(),
            "base64": base64.b64encode(data).decode(),
        }
        if kind == "text/calendar":
            file["calendar"] = calendar(data)
        files.append(file)
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "structure": structure(message),
        "text": bodies.get("text/plain"),
        "html": bodies.get("text/html"),
        "files": files,
        "defects": [repr(defect) for part in message.walk() for defect in part.defects],
        "longest_line": max(len(line) for line in content.split(b"\r\n")),
        "bare_ends": content.replace(b"\r\n", b"").count(b"\r") + content.replace(b"\r\n", b"").count(b"\n"),
    }


def structure(part):
    kind = part.get_content_type()
    return {kind: [structure(inner) for inner in part.iter_parts()]} if part.is_multipart() else kind


def calendar(data):
    file = icalendar.Calendar.from_ical(data)
    return {
        "method": str(file.get("METHOD")),
        "errors": [str(error) for component in file.walk() for error in component.errors],
        "events": [
            {
                "uid": str(event["UID"]),
                "sequence": int(event["SEQUENCE"]),
                "start": event["DTSTART"].dt.isoformat(),
                "end": event["DTEND"].dt.isoformat(),
                "stamp": event["DTSTAMP"].dt.isoformat(),
                "summary": str(event["SUMMARY"]),
                "status": str(event["STATUS"]),
                "location": str(event["LOCATION"]) if "LOCATION" in event else None,
                "url": str(event["URL"]) if "URL" in event else None,
                "properties": sorted(event.keys()),
            }
            for event in file.walk("VEVENT")
        ],
    }


async def serve():
    loop, peer = asyncio.get_running_loop(), Peer()
    server = await loop.create_server(
        lambda: SMTP(peer, hostname="mail.test", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["calendar"]:
        say(calendar(sys.stdin.buffer.read()))
    else:
        asyncio.run(serve())
