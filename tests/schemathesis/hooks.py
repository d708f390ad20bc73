"""What schemathesis is told about a Plumbline server beside its description: where there is something to call about.

run.py has prepared it, and names it in PLUMBLINE_PREPARED: sessions with their facilitators' tokens, a decision, requests,
webhooks, keys. What calls make and replace meanwhile is kept up here. Each answer is counted by its call, so that run.py can
tell which calls never came to what they are for.
"""

import atexit
import collections
import itertools
import json
import os
import urllib.error
import urllib.request
import uuid

import schemathesis

PREPARED = json.loads(os.environ["PLUMBLINE_PREPARED"])
BASE = PREPARED["base"]
#: What is sent now instead of what the calls were set up with: keys and links are replaced by calls.
NOW = {PREPARED[what]: PREPARED[what] for what in ("workspace_key", "intake_link")}
#: Sessions that may be called about, by id: the facilitator's token.
TOKENS = dict(PREPARED["sessions"])
#: The session whose links are renewed, and those that the others are called about.
ROTATED, USED = PREPARED["rotated"], itertools.cycle(PREPARED["used"])
DECISIONS = itertools.cycle(PREPARED["decisions"])
#: What may be erased: calls make more of it.
SESSIONS, KEYS, WEBHOOKS, REQUESTS = (PREPARED[what] for what in ("erasable", "keys", "webhooks", "requests"))
ADDRESSES = itertools.count(1)
TURNS, MEANT = itertools.count(0), itertools.count(0)
ANSWERS = collections.defaultdict(collections.Counter)
#: Why a call was refused last, by call and status.
WHY = {}


def make(path, token, body):
    """Makes one more of what the calls use up."""
    request = urllib.request.Request(
        BASE + path, json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return None


def invitation(session):
    """The token of a link that is good for one use."""
    somebody = {"name": f"Somebody {next(ADDRESSES)}", "role": "participant"}
    link = make(f"/api/sessions/{session}/link", TOKENS.get(session, ""), somebody)
    return link and link["url"].rpartition("=")[2]


def drawn_from(pool, keep):
    """One of a pool; it stays there while there are few."""
    return pool.pop(0) if len(pool) > keep else pool[0]


def lead(case):
    """Three of four calls are about something that there is; else nearly all of them would be answered 404."""
    path, method, parameters = case.operation.path, case.method.upper(), case.path_parameters
    if not isinstance(parameters, dict):
        return
    if path.startswith("/api/sessions/{id}"):
        if path == "/api/sessions/{id}" and method == "DELETE":
            parameters["id"] = drawn_from(SESSIONS, 1)
        else:
            parameters["id"] = ROTATED if path.endswith("/rotate") else next(USED)
    elif path.startswith("/api/decisions/{number}"):
        parameters["number"] = next(DECISIONS)
    elif path.startswith("/api/pillars/{id}"):
        parameters["id"] = PREPARED["pillar"]
    elif path == "/api/templates/{id}":
        parameters["id"] = "align"
    elif path.startswith("/api/webhooks/{id}"):
        parameters["id"] = drawn_from(WEBHOOKS, 1) if method == "DELETE" else PREPARED["webhook"]
        if "number" in parameters:
            parameters["number"] = PREPARED["delivery"]
    elif path.startswith("/api/requests/{number}"):
        parameters["number"] = drawn_from(REQUESTS, 1) if method == "DELETE" else PREPARED["request"]
    elif path == "/api/keys/{id}":
        parameters["id"] = drawn_from(KEYS, 1)


def mean(case):
    """What a schema cannot say of a body, so that some of them mean something: addresses, names of templates, the code."""
    path, method, body = case.operation.path, case.method.upper(), case.body
    if not isinstance(body, dict):
        return
    turn = next(MEANT)
    if path.startswith("/api/webhooks") and isinstance(body.get("url"), str):
        body["url"] = f"{PREPARED['receiver']}/{turn}"
    elif path == "/api/join":
        body["code"] = PREPARED["code"]
    elif path == "/api/sessions" and method == "POST":
        # A template of one's own, none, or a checkpoint of what was decided.
        for field in ("template", "from", "sample"):
            body.pop(field, None)
        body.update([{}, {"template": "align"}, {"template": "checkpoint", "from": PREPARED["decided"]}][turn % 3])
    elif path == "/api/keys" and "expires" in body:
        body["expires"] = PREPARED["next_month"]
    elif path.endswith("/commands") and turn % 2:
        # One that fits in at any step; the others are as they come.
        body.clear()
        body.update({"id": str(uuid.uuid4()), "type": "describe", "purpose": f"To see what happens, {turn}"})
    elif path.endswith("/status") and turn % 2:
        # What follows upon how a decision stands: accepted, and taken back.
        body["status"] = ["accepted", "reversed"][turn // 2 % 2]
        body.pop("superseded_by", None)
    elif path == "/api/intake":
        body["open"] = True
    elif path == "/api/intake/requests":
        body.pop("token", None)
    elif path.endswith("/requests") and "numbers" in body:
        body["numbers"] = [PREPARED["request"]]
    elif path.endswith("/answer"):
        body.pop("of", None)
        body["answer"] = ["declined", "waiting"][turn % 2]


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = getattr(case, "meta", None)
    is_negative = meta is not None and meta.generation.mode.value == "negative"
    # A cursor is what an answer has given, and nothing that anybody makes up.
    if not is_negative and isinstance(case.query, dict):
        case.query.pop("cursor", None)
    if not is_negative and next(TURNS) % 4 != 3:
        lead(case)
        mean(case)
    headers = case.headers if case.headers is not None else {}
    token = (headers.get("Authorization") or "").removeprefix("Bearer ")
    # Each session has tokens of its own. Whoever calls without one, or with a wrong one, means to.
    if token == PREPARED["session_token"]:
        session = (case.path_parameters or {}).get("id")
        token = TOKENS.get(session, token)
        if case.operation.path.endswith(("/invitation", "/enter")) and session in TOKENS:
            token = invitation(session) or token
    elif token in NOW:
        token = NOW[token]
    if token:
        headers["Authorization"] = f"Bearer {token}"
    # Wrong keys and codes are counted by address: each call comes from another one, or the checks that send wrong keys
    # on purpose would shut out all that come after them.
    at = next(ADDRESSES)
    headers["X-Forwarded-For"] = f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"
    case.headers = headers


@schemathesis.hook
def after_call(context, case, response):
    path, method, status = case.operation.path, case.method.upper(), response.status_code
    called = f"{method} {path}"
    ANSWERS[called][status] += 1
    if 200 <= status < 300:
        keep(called, response)
    else:
        WHY[f"{called} {status}"] = response.text[:300]


def keep(called, response):
    """What a call has made or replaced is what later calls are about."""
    try:
        answer = response.json()
    except ValueError:
        return
    if called == "POST /api/sessions":
        SESSIONS.append(answer["id"])
    elif called == "POST /api/keys":
        KEYS.append(answer["id"])
    elif called == "POST /api/webhooks":
        WEBHOOKS.append(answer["id"])
    elif called == "POST /api/intake/requests":
        REQUESTS.append(answer["number"])
    elif called == "POST /api/intake" and answer.get("url"):
        NOW[PREPARED["intake_link"]] = answer["url"].rpartition("=")[2]
    elif called == "POST /api/keys/workspace/rotate":
        NOW[PREPARED["workspace_key"]] = answer["key"]
    elif called == "POST /api/sessions/{id}/rotate" and answer.get("token", "").startswith("pf_"):
        TOKENS[ROTATED] = answer["token"]


@atexit.register
def tell():
    with open(os.environ["PLUMBLINE_TOLD"], "w") as told:
        json.dump({"answers": {called: dict(statuses) for called, statuses in ANSWERS.items()}, "why": WHY}, told)
