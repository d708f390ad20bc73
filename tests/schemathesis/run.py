"""Runs schemathesis over all calls of a real server, with something in it, and an independent validator over its description.

    run.py SERVER [--examples N] [--seed N]

SERVER is the binary. It ends with 1 where something was found.
"""

import argparse
import datetime
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
BIN = pathlib.Path(sys.executable).parent

# Left out, each for its reason.
LEFT_OUT = {
    # It needs a second identity for each object; who may see what is tested route by route in the server's own tests.
    "object_level_authorization",
}

#: Calls that cannot be carried out here, each for its reason.
NEVER = {
    # It answers with a socket, which this tester does not speak; the server's own tests do.
    "GET /api/sessions/{id}/sync",
    # The description itself: it is read before everything else, and the tester leaves it out.
    "GET /api/openapi.json",
}

#: Generated data is as the schema says, and a call is refused all the same where what it is about is not there, has gone on,
#: or the text means nothing (a template that does not add up, a file without names).
REFUSALS = ["401", "403", "404", "409", "413", "415", "422", "429", "503"]


def call(base, method, path, token, body=None, kind="application/json"):
    """One call while the server is prepared: it has to succeed."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(base + path, data, {"Authorization": f"Bearer {token}"}, method=method)
    if data is not None:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Receiver(http.server.BaseHTTPRequestHandler):
    """Where deliveries to webhooks go: it takes all of them."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def decide(server, base, key):
    """A session that simulated people bring to its close, so that there are decisions."""
    made = call(base, "POST", "/api/sessions", key, {"title": "Decided", "template": "align"})
    place, token = f"/api/sessions/{made['id']}", made["facilitator_token"]
    call(base, "POST", f"{place}/pillars", token, ["Safe water", "Net zero"])
    projects = "Project,Sponsor,Cost\nCity pledge,Maren,3100001\nBrand museum,Ana,20000\nMeter app,Ben,90000\n"
    projects += "Signal renewal,Chidi,700000\nTram depot,Dana,450000\nCall centre,Emre,60000\n"
    call(base, "POST", f"{place}/portfolio", token, projects, "text/csv")
    people = ["--code", made["code"], "--facilitator", token, "--people", "5", "--pace", "1", "--dwell", "1", "--seed", "1"]
    subprocess.run([server, "simulate", base, *people], check=True, stdout=subprocess.DEVNULL)
    found = call(base, "GET", "/api/decisions", key)["items"]
    # What nobody has settled yet cannot be accepted or taken back.
    settled = [one["number"] for one in found if one["verdict"] != "open"]
    assert settled, "the simulated session has settled nothing"
    return made["id"], settled


def prepare(server, base, key):
    def workspace(method, path, body=None):
        return call(base, method, path, key, body)

    def session(title):
        made = workspace("POST", "/api/sessions", {"title": title, "template": "align", "sample": True})
        return made["id"], made["facilitator_token"], made["code"]

    def webhook(name):
        return workspace("POST", "/api/webhooks", {"url": f"{told}/{name}", "name": name})["id"]

    def api_key(name, scopes):
        return workspace("POST", "/api/keys", {"name": name, "scopes": scopes})

    def fragment(link):
        return link.rpartition("=")[2]

    decided, decisions = decide(server, base, key)
    used = [session(f"Used {n}") for n in range(3)]
    rotated = session("Rotated")
    erasable = [session(f"Erasable {n}") for n in range(6)]
    told = receiver()
    kept = webhook("kept")
    workspace("POST", f"/api/webhooks/{kept}/test")
    deliveries = workspace("GET", f"/api/webhooks/{kept}/deliveries")["items"]
    intake = fragment(workspace("POST", "/api/intake", {"open": True})["url"])
    asked = [
        call(base, "POST", "/api/intake/requests", intake, {"name": f"Work {n}", "owner": "Ana", "asked_by": "Ben"})
        for n in range(5)
    ]
    scopes = ["decisions:read", "decisions:write", "sessions:read", "sessions:write", "exports:read", "webhooks", "intake"]
    return {
        "base": base,
        "receiver": told,
        "workspace_key": key,
        "api_key": api_key("Everything", scopes)["key"],
        "session_token": used[0][1],
        "intake_link": intake,
        "status_link": fragment(asked[0]["url"]),
        "sessions": {id: token for id, token, _ in [*used, rotated, *erasable]},
        "used": [id for id, *_ in used],
        "code": used[0][2],
        "rotated": rotated[0],
        "erasable": [id for id, *_ in erasable],
        "decided": decided,
        "decisions": decisions,
        "pillar": workspace("GET", "/api/pillars")["pillars"][0]["id"],
        "webhook": kept,
        "webhooks": [webhook(f"removed {n}") for n in range(3)],
        "delivery": deliveries[0]["id"],
        "request": asked[0]["number"],
        "requests": [request["number"] for request in asked[1:]],
        "keys": [api_key(f"Revoked {n}", ["decisions:read"])["id"] for n in range(3)],
        "next_month": (datetime.date.today() + datetime.timedelta(days=30)).isoformat(),
    }


def config(folder, prepared):
    openers = ["workspace_key", "api_key", "session_token", "intake_link", "status_link"]
    lines = [f'[auth.openapi.{name}]\nbearer = "{prepared[name]}"\n' for name in openers]
    negative = json.dumps(["400", *REFUSALS, "405"])
    positive = json.dumps(["2xx", "101", "426", *REFUSALS])
    lines.append(f"[checks.negative_data_rejection]\nexpected-statuses = {negative}\n")
    lines.append(f"[checks.positive_data_acceptance]\nexpected-statuses = {positive}\n")
    lines += [f"[checks.{name}]\nenabled = false\n" for name in sorted(LEFT_OUT)]
    # Each of these is left out for one call alone.
    sync = 'include-path = "/api/sessions/{id}/sync"'
    portfolio = 'include-path = "/api/sessions/{id}/portfolio"'
    lines.append(
        # What is no WebSocket is told so before it is asked who it is.
        f"[[operations]]\n{sync}\nchecks.missing_required_header.enabled = false\n"
        "checks.negative_data_rejection.enabled = false\n"
    )
    # Any text is a table, if only one of a single project.
    lines.append(f"[[operations]]\n{portfolio}\nchecks.negative_data_rejection.enabled = false\n")
    # It takes nothing but headers, where what is made up to be wrong is often right as it arrives: a number of twenty digits is a
    # good key, `null` is no header, further ones are anybody's. Others refuse the call for its token or session; whoever is out
    # already has left, and is answered so.
    leave = 'include-path = "/api/sessions/{id}/leave"'
    lines.append(f"[[operations]]\n{leave}\nchecks.negative_data_rejection.enabled = false\n")
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(lines))
    return path


def reached(described, told):
    """The calls that never came to what they are for, with why: then nothing behind their refusals was tried."""
    told = json.loads(told.read_text())
    missed = []
    calls = [(method.upper(), path) for path, item in described["paths"].items() for method in item]
    for method, path in calls:
        called = f"{method} {path}"
        statuses = told["answers"].get(called, {})
        if called not in NEVER and not any(status.startswith("2") for status in statuses):
            why = [text for key, text in told["why"].items() if key.startswith(f"{called} ")]
            missed.append("\n    ".join([f"{called} was never carried out: {statuses}", *why]))
    return len(calls), missed


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(base, server):
    for _ in range(200):
        if server.poll() is not None:
            sys.exit("the server ended before it was ready")
        try:
            urllib.request.urlopen(f"{base}/readyz", timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit("the server did not become ready in ten seconds")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=25)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        base = f"http://127.0.0.1:{free_port()}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")}
        command = [wish.server, "serve", "--listen", base.removeprefix("http://"), "--data", str(folder / "data")]
        command += ["--trusted-proxy", "127.0.0.1/32", "--webhooks-to", "127.0.0.0/8"]
        log = folder / "server.log"
        with open(log, "w") as output:
            server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            wait_until_ready(base, server)
            description = folder / "openapi.json"
            with urllib.request.urlopen(f"{base}/api/openapi.json") as answer:
                description.write_bytes(answer.read())
            described = json.loads(description.read_text())
            subprocess.run([BIN / "openapi-spec-validator", str(description)], check=True)
            # Told once, at the first start.
            key = re.search(r"pw_[A-Za-z0-9_-]{43}", log.read_text())[0]
            prepared = prepare(wish.server, base, key)
            told = folder / "told.json"
            environment["PLUMBLINE_TOLD"] = str(told)
            environment["PLUMBLINE_PREPARED"] = json.dumps(prepared)
            environment["SCHEMATHESIS_HOOKS"] = "hooks"
            environment["PYTHONPATH"] = str(HERE)
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
            ended = subprocess.run(
                [
                    BIN / "schemathesis", "--config-file", str(config(folder, prepared)),
                    "run", f"{base}/api/openapi.json",
                    "--phases", "examples,coverage,fuzzing",
                    "--seed", str(wish.seed), "--max-examples", str(wish.examples),
                    "--continue-on-failure", "--no-color", "--request-timeout", "20",
                    "--suppress-health-check", "all",
                ],
                env=environment, cwd=folder,
            )
            if server.poll() is not None:
                print("the server has ended")
                print(log.read_text()[-4000:])
                sys.exit(1)
            calls, missed = reached(described, told)
            print(f"{calls - len(missed)} of {calls} calls were carried out at least once", *missed, sep="\n  ")
            sys.exit(ended.returncode or bool(missed))
        finally:
            server.terminate()
            server.wait(timeout=15)


if __name__ == "__main__":
    main()
