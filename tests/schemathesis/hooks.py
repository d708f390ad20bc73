"""What schemathesis is told about a Plumbline server beside its description.

Names come from the environment, where run.py has put what it has prepared: sessions with their facilitators' tokens, decisions.
"""

import itertools
import json
import os

import schemathesis

PREPARED = json.loads(os.environ["PLUMBLINE_PREPARED"])
#: Sessions that may be called about, by id: the facilitator's token.
TOKENS = dict(PREPARED["sessions"])
#: The one whose links are renewed, those that may be erased, and the others.
ROTATED, ERASABLE, USED = PREPARED["rotated"], itertools.cycle(PREPARED["erasable"]), itertools.cycle(PREPARED["used"])
FILES = ["decisions.md", "decisions.csv", "decisions.json", "decisions.xlsx", "decisions.html", "decisions.ics", "decisions.zip"]
ADDRESSES = itertools.count(1)
TURNS = itertools.count(0)


def lead_to_what_there_is(case):
    """Three of four calls are about something that there is; else all of them would be answered 404."""
    meta = getattr(case, "meta", None)
    if meta is not None and meta.generation.mode.value == "negative":
        return
    # A cursor is what an answer has given, and nothing that anybody makes up.
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)
    if next(TURNS) % 4 == 3 or not isinstance(case.path_parameters, dict):
        return
    parameters = case.path_parameters
    path = case.operation.path
    if path.startswith("/api/sessions/{id}") and "id" in parameters:
        if case.method.upper() == "DELETE":
            parameters["id"] = next(ERASABLE)
        elif path.endswith("/rotate"):
            parameters["id"] = ROTATED
        else:
            parameters["id"] = next(USED)
    elif path.startswith("/api/decisions/{number}"):
        parameters["number"] = PREPARED["decision"]
    elif path == "/api/templates/{id}":
        parameters["id"] = "align"


@schemathesis.hook
def before_call(context, case, kwargs):
    lead_to_what_there_is(case)
    headers = case.headers if case.headers is not None else {}
    # Each session has tokens of its own. Whoever calls without one, or with a wrong one, means to.
    if headers.get("Authorization") == f"Bearer {PREPARED['session_token']}":
        token = TOKENS.get((case.path_parameters or {}).get("id"))
        if token:
            headers["Authorization"] = f"Bearer {token}"
    # Wrong keys and codes are counted by address: each call comes from another one, or the checks that send wrong keys
    # on purpose would shut out all that come after them.
    at = next(ADDRESSES)
    headers["X-Forwarded-For"] = f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"
    case.headers = headers


@schemathesis.hook
def after_call(context, case, response):
    # A renewed facilitators' link is the one that opens from then on.
    if case.operation.path.endswith("/rotate") and response.status_code == 200:
        token = response.json().get("token", "")
        if token.startswith("pf_"):
            TOKENS[ROTATED] = token
