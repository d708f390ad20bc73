"""Runs schemathesis over all calls of a real server, with something in it, and an independent validator over its description.

    run.py SERVER [--seconds N] [--seed N]

SERVER is the binary. It ends with 1 where something was found.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
BIN = pathlib.Path(sys.executable).parent
KEY = "the-workspace-key-of-the-api-tests"

# Left out, each for its reason.
LEFT_OUT = {
    # It needs a second identity for each object; who may see what is tested route by route in the server's own tests.
    "object_level_authorization",
}

#: Generated data is as the schema says, and a call is refused all the same where what it is about is not there, has gone on,
#: or the text means nothing (a template that does not add up, a file without names).
REFUSALS = ["401", "403", "404", "409", "413", "415", "422", "429", "503"]


def call(base, method, path, token=KEY, body=None, kind="application/json"):
    """One call while the server is prepared: it has to succeed."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(base + path, data, {"Authorization": f"Bearer {token}"}, method=method)
    if data is not None:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None




def decide(server, base):
    """A session that simulated people bring to its close, so that there are decisions."""
    made = call(base, "POST", "/api/sessions", body={"title": "Decided", "template": "align"})
    place, token = f"/api/sessions/{made['id']}", made["facilitator_token"]
    call(base, "POST", f"{place}/pillars", token, ["Safe water", "Net zero"])
    projects = "Project,Sponsor,Cost\nCity pledge,Maren,3100001\nBrand museum,Ana,20000\nMeter app,Ben,90000\n"
    call(base, "POST", f"{place}/portfolio", token, projects, "text/csv")
    people = ["--code", made["code"], "--facilitator", token, "--people", "5", "--pace", "1", "--dwell", "1"]
    subprocess.run([server, "simulate", base, *people], check=True, stdout=subprocess.DEVNULL)
    found = call(base, "GET", "/api/decisions")["items"]
    assert found, "the simulated session has decided nothing"
    return found[0]["number"]


def prepare(server, base):
    decision = decide(server, base)

    def session(title):
        made = call(base, "POST", "/api/sessions", body={"title": title, "template": "align", "sample": True})
        return made["id"], made["facilitator_token"]

    used = [session(f"Used {n}") for n in range(3)]
    rotated = session("Rotated")
    erasable = [session(f"Erasable {n}") for n in range(12)]
    call(base, "POST", "/api/keys", body={"name": "Reporting", "scopes": ["decisions:read"]})
    return {
        "key": KEY,
        "session_token": used[0][1],
        "sessions": dict([*used, rotated, *erasable]),
        "used": [id for id, _ in used],
        "rotated": rotated[0],
        "erasable": [id for id, _ in erasable],
        "decision": decision,
    }


def config(folder, base, prepared):
    bearer = {"workspace_key": KEY, "api_key": KEY, "session_token": prepared["session_token"]}
    lines = [f'[auth.openapi.{name}]\nbearer = "{token}"\n' for name, token in bearer.items()]
    negative = json.dumps(["400", *REFUSALS, "404", "405"])
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
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(lines))
    return path


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
    parser.add_argument("--seconds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=25)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        base = f"http://127.0.0.1:{free_port()}"
        environment = {**os.environ, "PLUMBLINE_WORKSPACE_KEY": KEY}
        command = [wish.server, "serve", "--listen", base.removeprefix("http://"), "--data", str(folder / "data")]
        with open(folder / "server.log", "w") as log:
            server = subprocess.Popen(
                [*command, "--trusted-proxy", "127.0.0.1/32"], env=environment, stdout=log, stderr=log
            )
        try:
            wait_until_ready(base, server)
            description = folder / "openapi.json"
            with urllib.request.urlopen(f"{base}/api/openapi.json") as answer:
                description.write_bytes(answer.read())
            subprocess.run([BIN / "openapi-spec-validator", str(description)], check=True)
            prepared = prepare(wish.server, base)
            environment["PLUMBLINE_PREPARED"] = json.dumps(prepared)
            environment["SCHEMATHESIS_HOOKS"] = "hooks"
            environment["PYTHONPATH"] = str(HERE)
            ended = subprocess.run(
                [
                    BIN / "schemathesis", "--config-file", str(config(folder, base, prepared)),
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
                print((folder / "server.log").read_text()[-4000:])
                sys.exit(1)
            sys.exit(ended.returncode)
        finally:
            server.terminate()
            server.wait(timeout=15)


if __name__ == "__main__":
    main()
