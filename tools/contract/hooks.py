"""Tells schemathesis what the documents do not: who calls, how to write NDJSON, and which values the formats of Spindle have.

The variables CONTRACT_URL, CONTRACT_ADMIN_EMAIL and CONTRACT_ADMIN_PASSWORD name an instance and one of its admins, CONTRACT_ROLE the role of the
caller, and CONTRACT_COVERAGE the share of the coverage phase that is sent. `cargo xtask contract` sets them.
"""

import json
import os
import random
import time
import uuid

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.generation.meta import TestPhase

URL = os.environ["CONTRACT_URL"]
ADMIN = {"email": os.environ["CONTRACT_ADMIN_EMAIL"], "password": os.environ["CONTRACT_ADMIN_PASSWORD"]}
ROLE = os.environ["CONTRACT_ROLE"]
COVERAGE = float(os.environ["CONTRACT_COVERAGE"])

# The password of the accounts that are made here, which end with the instance.
PASSWORD = f"contract {uuid.uuid4()}"

# A token is valid for ten minutes, and some operations require a log-in of the last five.
LOG_IN_AGAIN = 240

# Operations that end the session or the account of their caller. Each call that succeeds costs an account.
ENDS_CALLER = {
    ("DELETE", "/v1/users/me"),
    ("DELETE", "/v1/auth/sessions"),
    ("DELETE", "/v1/auth/sessions/{id}"),
    ("POST", "/v1/auth/password"),
}


def post(path, body, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = requests.post(URL + path, json=body, headers=headers, timeout=30)
    if not response.ok:
        raise RuntimeError(f"POST {path} returned {response.status_code}: {response.json().get('detail')}")
    return response.json()


class Account:
    """An account of the role that calls. Made when it is first used, and again once its token is refused."""

    def __init__(self):
        self.credentials = None
        self.token = None
        self.logged_in_at = 0.0

    def access_token(self):
        if self.credentials is None:
            self.credentials = self.create()
            self.token = None
        if self.token is None or time.monotonic() - self.logged_in_at > LOG_IN_AGAIN:
            self.logged_in_at = time.monotonic()
            self.token = post("/v1/auth/login", self.credentials)["access_token"]
        return self.token

    def create(self):
        credentials = {"email": f"{uuid.uuid4()}@contract.example", "password": PASSWORD}
        if ROLE == "customer":
            post("/v1/auth/register", credentials)
        else:
            admin = post("/v1/auth/login", ADMIN)["access_token"]
            user = post("/v1/users", {"email": credentials["email"], "role": ROLE}, admin)
            post("/v1/auth/invitations/accept", {"token": user["invitation"]["token"], "password": PASSWORD})
        return credentials

    def end(self):
        self.credentials = None


caller = Account()
throw_away = Account()


def account_of(case):
    return throw_away if (case.method.upper(), case.path) in ENDS_CALLER else caller


# Not cached by schemathesis: the token depends on the operation, and an account can end at any time.
@schemathesis.auth(refresh_interval=None)
class AccessToken:
    def get(self, case, context):
        return account_of(case).access_token()

    def set(self, case, token, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {token}"


sample = random.Random(1)


@schemathesis.hook
def filter_case(context, case):
    """Sends a share of the coverage phase, which has some fifty requests for each operation. The other phases have limits of their own.

    No request has a cursor that is made up: only a response can give one, and any other text is a 400, which the suites check.
    """
    if "cursor" in (case.query or {}):
        return False
    # Taken for one that the pattern of entity tags allows, which has no empty text.
    if any((case.headers or {}).get(name) == "" for name in ("If-Match", "If-None-Match")):
        return False
    is_coverage = case.meta is not None and case.meta.phase.name == TestPhase.COVERAGE
    return not is_coverage or sample.random() < COVERAGE


ADMIN_ID = post("/v1/auth/login", ADMIN)["user"]["id"]


@schemathesis.hook
def before_call(context, case, kwargs):
    # The admin of the instance makes the callers, so no request may change or erase it.
    if case.method.upper() != "GET" and ADMIN_ID in (case.path_parameters or {}).values():
        case.path_parameters = {name: str(uuid.UUID(int=0)) for name in case.path_parameters}
    # A key belongs to one request: two requests with one key and different bodies are a 422, whatever the document says of each.
    is_positive = case.meta is None or case.meta.generation.mode.is_positive
    if is_positive and case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def after_call(context, case, response):
    account = account_of(case)
    sent = response.request.headers.get("Authorization") if response.request is not None else None
    if sent != f"Bearer {account.token}":
        return
    if response.status_code == 401 or (account is throw_away and response.status_code < 300):
        account.end()


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return json.dumps(value).encode() + b"\n"


# The formats of Spindle, each with values that keep to its rule: the schemas say that there is a rule, and what it is in words.
letters = st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x17F, categories=("L", "N")), min_size=1)
schemathesis.openapi.format("line", letters)
schemathesis.openapi.format("name", letters)
schemathesis.openapi.format("optional-line", st.just("") | letters)
schemathesis.openapi.format("text", letters)
schemathesis.openapi.format("country", st.sampled_from(["AT", "DE", "FR", "JP", "US"]))
schemathesis.openapi.format("currency", st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
schemathesis.openapi.format("language-tag", st.sampled_from(["de", "en", "en-GB", "zh-Hant-TW"]))
schemathesis.openapi.format("idn-email", st.uuids().map(lambda each: f"{each}@contract.example"))
