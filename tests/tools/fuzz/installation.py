"""The demo as a process of its own, in a folder of its own, and what the operator of the machine can ask of it."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

# A link in a mail: the kind of its page, and the secret that opens it.
LINK = re.compile(r"http://[^/\s]+/(order|confirm|guardian|sign-in|claim|address|join)/([A-Za-z0-9_-]{20,})")
# Settings that the demo does not need otherwise: nothing here may end a run but a defect.
SETTINGS = {
    "limits.requests_per_minute_per_credential": "10000000",
    "limits.requests_per_minute_per_address": "10000000",
    # Other work on the same machine must not look like a slow operation.
    "limits.execution_timeout_seconds": "60",
    "log.format": "json",
}

# What the demo says when everybody has registered.
COMPLETE = "the demo is complete"


class Installation:
    def __init__(self, binary, folder):
        self.binary, self.folder = str(Path(binary).resolve()), Path(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = self.folder / "output.txt"
        arguments = [part for key, value in SETTINGS.items() for part in ("--set", f"{key}={value}")]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [self.binary, "demo", "--listen", f"127.0.0.1:{port}", *arguments],
                cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment(),
            )
        self._wait(port)

    def _wait(self, port):
        facts = self.folder / "data/demo.json"
        end = time.monotonic() + 300
        while True:
            if not self.is_alive():
                raise RuntimeError(f"the demo ended: {self.log.read_text()[-2000:]}")
            if facts.exists():
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    pass
            if time.monotonic() > end:
                raise RuntimeError("the demo does not answer")
            time.sleep(0.05)
        # It answers before everybody has registered; what is sent meanwhile would not be the same in the next run.
        while COMPLETE not in self.log.read_text(errors="replace"):
            if not self.is_alive() or time.monotonic() > end:
                raise RuntimeError(f"the demo is never complete: {self.log.read_text()[-2000:]}")
            time.sleep(0.2)
        self.facts = json.loads(facts.read_text())

    def is_alive(self):
        return self.process.poll() is None

    def complaints(self):
        """What stands in the log that never should: errors, panics, and lines that are no JSON."""
        found = []
        begun = False
        for line in self.log.read_text(errors="replace").splitlines():
            if not line.startswith("{"):
                # What the demo says to people comes before its first request and is no part of the log.
                if "panicked" in line or "overflowed its stack" in line:
                    found.append(line)
                continue
            begun = True
            try:
                level = json.loads(line).get("level")
            except ValueError:
                found.append(f"no JSON: {line}")
                continue
            if level == "ERROR":
                found.append(line)
        if not begun:
            found.append("the log is empty")
        return found

    def stop(self):
        """Ends it as Ctrl-C does; whether it ended well."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(30) == 0
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False

    def ask(self, *command):
        """Runs one of the program's checks on what the demo left; its standard output."""
        arguments = [self.binary, *command, "--database-url", "sqlite:data/demo.db"]
        done = subprocess.run(arguments, cwd=self.folder, capture_output=True, text=True, env=environment())
        return done.returncode, done.stdout or done.stderr

    def mails(self, most):
        """The newest mails, as the operator lists them. Nothing is sent, because there is no mail server."""
        status, said = self.ask("mail", "list", "--json", "--limit", str(most))
        if status != 0:
            raise RuntimeError(f"mail list: {said}")
        return json.loads(said)

    def links(self, mail):
        """The links of a mail: kind and secret of each."""
        status, said = self.ask("mail", "show", mail["id"])
        if status != 0:
            raise RuntimeError(f"mail show: {said}")
        return list(dict.fromkeys(LINK.findall(said)))

    def newest_link(self, kind):
        """The secret of the link in the newest mail, which is of this kind."""
        for its, secret in self.links(self.mails(1)[0]):
            if its == kind:
                return secret
        raise RuntimeError(f"the newest mail has no link of the kind {kind}")

    def close(self):
        if self.is_alive():
            self.process.kill()
            self.process.wait()


def environment():
    """Ours, without settings of another installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CONSENTRY_")}
