import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest

from spindle_client import AsyncSpindle, MemorySessionStore, Session, Spindle
from spindle_client.models import Identity, Role

URL = "https://shop.example"
USER = {"id": "019bc102-9f40-7000-8000-000000000001", "email": "ada@example.com", "role": "customer"}
MONEY = {"amount": 1299, "currency": "EUR"}
ORDER_ID = "019bc102-9f40-7000-8000-000000000021"
TIME = "2026-01-15T09:30:00.000Z"

Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """Answers requests with the handler of their path, and keeps them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.handlers: dict[tuple[str, str], Handler] = {}
        self.tokens = 0
        self.lock = threading.Lock()
        self.on("POST", "/v1/auth/login", lambda _: self.new_tokens())
        self.on("POST", "/v1/auth/refresh", lambda _: self.new_tokens())

    def on(self, method: str, path: str, *handlers: Handler | httpx.Response | Exception) -> None:
        """Answers a path with these one after another, and then always with the last one."""
        left = list(handlers)

        def handle(request: httpx.Request) -> httpx.Response:
            with self.lock:
                handler = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(handler, Exception):
                raise handler
            return handler if isinstance(handler, httpx.Response) else handler(request)

        self.handlers[method, path] = handle

    def new_tokens(self) -> httpx.Response:
        """Returns a response with new tokens: access-1 and refresh-1, then access-2 and refresh-2, ..."""
        self.tokens += 1
        return httpx.Response(200, json=token_response(self.tokens))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        # Copies: the client changes the headers of a request that it repeats, and httpx reads a response once.
        sent = httpx.Request(request.method, request.url, headers=request.headers.copy(), content=request.content)
        with self.lock:
            self.requests.append(sent)
        response = self.handlers[request.method, request.url.path](request)
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)

    def sent(self, path: str) -> list[httpx.Request]:
        """Returns the requests to a path."""
        return [request for request in self.requests if request.url.path == path]


def token_response(number: int) -> dict[str, Any]:
    return {
        "access_token": f"access-{number}",
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": f"refresh-{number}",
        "user": USER,
    }


def problem(status: int, name: str, headers: dict[str, str] | None = None, **members: object) -> httpx.Response:
    body = {
        "type": f"https://spindle.dev/problems/{name}",
        "title": "A title",
        "status": status,
        "detail": "What happened.",
        "instance": "/v1",
        "request_id": "019bc102-9f40-7000-8000-0000000000ff",
    }
    headers = {"Content-Type": "application/problem+json"} | (headers or {})
    return httpx.Response(status, headers=headers, json=body | members)


def token_refused() -> httpx.Response:
    return problem(401, "unauthorized", {"WWW-Authenticate": 'Bearer error="invalid_token"'})


def order(status: str = "paid", **members: object) -> dict[str, Any]:
    return {
        "id": ORDER_ID,
        "number": "7K3M-Q2XD",
        "user_id": USER["id"],
        "status": status,
        "items": [],
        "adjustments": [],
        "total": MONEY,
        "shipping_address": {
            "name": "Ada",
            "lines": ["1 Main St"],
            "city": "Berlin",
            "postal_code": "10115",
            "country": "DE",
        },
        "cancel_reason": None,
        "decline": None,
        "created_at": TIME,
        "updated_at": TIME,
    } | members


def session(expires_in: float = 600) -> Session:
    now = time.time()
    identity = Identity.from_dict(USER)
    assert identity.role is Role.CUSTOMER
    return Session(
        user=identity,
        expires_at=now + expires_in,
        refresh_at=now + expires_in - 30,
        access_token="access-0",
        refresh_token="refresh-0",
    )


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def spindle(server: Server, waits: list[float]) -> Iterator[Spindle]:
    with Spindle(URL, transport=httpx.MockTransport(server)) as client:
        yield client


@pytest.fixture
def logged_in(server: Server, waits: list[float]) -> Iterator[Spindle]:
    store = MemorySessionStore(session())
    with Spindle(URL, transport=httpx.MockTransport(server), session_store=store) as client:
        yield client


@pytest.fixture
def logged_in_async(server: Server, waits: list[float]) -> AsyncSpindle:
    return AsyncSpindle(URL, transport=httpx.MockTransport(server), session_store=MemorySessionStore(session()))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Returns the seconds that the client waited; no time passes."""
    seconds: list[float] = []
    checkpoint = anyio.lowlevel.checkpoint

    async def sleep(delay: float) -> None:
        seconds.append(delay)
        await checkpoint()

    monkeypatch.setattr("spindle_client._client.time.sleep", seconds.append)
    monkeypatch.setattr("spindle_client._client.anyio.sleep", sleep)
    return seconds


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
