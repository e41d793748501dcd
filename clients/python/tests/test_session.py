import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from conftest import URL, USER, Server, order, problem, session, token_refused

from spindle_client import (
    AsyncSpindle,
    MemorySessionStore,
    ProblemError,
    Session,
    SessionEndedError,
    Spindle,
)

ORDERS = httpx.Response(200, json={"items": [order()], "next_cursor": None})
PRODUCTS = httpx.Response(200, json={"items": [], "next_cursor": None})


def client(server: Server, store: MemorySessionStore) -> Spindle:
    return Spindle(URL, transport=httpx.MockTransport(server), session_store=store)


def test_calls_after_a_log_in_carry_its_token(server: Server, spindle: Spindle) -> None:
    server.on("GET", "/v1/orders", ORDERS)
    assert spindle.log_in("ada@example.com", "a lighthouse in winter").user.email == "ada@example.com"
    spindle.orders.list_orders()
    assert "Authorization" not in server.sent("/v1/auth/login")[0].headers
    assert server.sent("/v1/orders")[0].headers["Authorization"] == "Bearer access-1"


def test_a_registration_logs_in(server: Server, spindle: Spindle) -> None:
    user = USER | {"display_name": None, "created_at": "2026-01-15T09:30:00.000Z"}
    server.on("POST", "/v1/auth/register", httpx.Response(201, json=user))
    assert spindle.register("ada@example.com", "a lighthouse in winter").email == "ada@example.com"
    assert spindle.session is not None


def test_an_operation_without_security_sends_no_token(server: Server, logged_in: Spindle) -> None:
    server.on("GET", "/v1/categories", httpx.Response(200, json={"items": []}))
    logged_in.catalog.list_categories()
    assert "Authorization" not in server.requests[0].headers


def test_without_a_session_a_call_is_sent_without_a_token(server: Server, spindle: Spindle) -> None:
    server.on("GET", "/v1/products", PRODUCTS)
    spindle.catalog.list_products()
    assert "Authorization" not in server.requests[0].headers


def test_a_token_that_expires_soon_is_replaced_first(server: Server) -> None:
    server.on("GET", "/v1/orders", ORDERS)
    spindle = client(server, MemorySessionStore(session(expires_in=20)))
    spindle.orders.list_orders()
    assert [request.url.path for request in server.requests] == ["/v1/auth/refresh", "/v1/orders"]
    assert json.loads(server.requests[0].content) == {"refresh_token": "refresh-0"}
    assert server.requests[1].headers["Authorization"] == "Bearer access-1"


def test_a_token_with_a_short_life_is_not_replaced_at_once(server: Server, spindle: Spindle) -> None:
    short = {"access_token": "a", "token_type": "Bearer", "expires_in": 8, "refresh_token": "r", "user": USER}
    server.on("POST", "/v1/auth/login", httpx.Response(200, json=short))
    server.on("GET", "/v1/orders", ORDERS)
    spindle.log_in("ada@example.com", "a lighthouse in winter")
    spindle.orders.list_orders()
    assert server.sent("/v1/auth/refresh") == []


def test_a_refused_token_is_replaced_once(server: Server, logged_in: Spindle) -> None:
    server.on("GET", "/v1/orders", token_refused(), ORDERS)
    logged_in.orders.list_orders()
    tokens = [request.headers["Authorization"] for request in server.sent("/v1/orders")]
    assert tokens == ["Bearer access-0", "Bearer access-1"]


def test_a_new_token_that_is_refused_too_is_an_error(server: Server, logged_in: Spindle) -> None:
    server.on("GET", "/v1/orders", token_refused())
    with pytest.raises(ProblemError, match="401"):
        logged_in.orders.list_orders()
    assert len(server.sent("/v1/auth/refresh")) == 1


def test_a_wrong_password_refreshes_nothing(server: Server, logged_in: Spindle) -> None:
    server.on("DELETE", "/v1/auth/sessions", problem(401, "recent-login-required", max_age=300))
    with pytest.raises(ProblemError) as caught:
        logged_in.auth.end_sessions()
    assert caught.value.name == "recent-login-required"
    assert server.sent("/v1/auth/refresh") == []


def test_a_session_that_has_ended_is_forgotten(server: Server) -> None:
    server.on("POST", "/v1/auth/refresh", problem(401, "unauthorized"))
    store = MemorySessionStore(session(expires_in=0))
    spindle = client(server, store)
    with pytest.raises(SessionEndedError):
        spindle.orders.list_orders()
    assert spindle.session is None
    assert store.session is None


def test_an_early_refresh_that_fails_leaves_the_token_in_use(server: Server, waits: list[float]) -> None:
    server.on("POST", "/v1/auth/refresh", problem(503, "unavailable"))
    server.on("GET", "/v1/orders", ORDERS)
    client(server, MemorySessionStore(session(expires_in=20))).orders.list_orders()
    assert server.sent("/v1/orders")[0].headers["Authorization"] == "Bearer access-0"


def test_a_refresh_whose_response_is_lost_is_repeated(server: Server, waits: list[float]) -> None:
    server.on("POST", "/v1/auth/refresh", httpx.ReadError("lost"), lambda _: server.new_tokens())
    server.on("GET", "/v1/orders", ORDERS)
    client(server, MemorySessionStore(session(expires_in=0))).orders.list_orders()
    assert len(server.sent("/v1/auth/refresh")) == 2


def test_the_new_refresh_token_is_stored_before_the_access_token_is_used(server: Server) -> None:
    class Store(MemorySessionStore):
        def save(self, session: Session | None) -> None:
            assert session is not None
            assert server.sent("/v1/orders") == []
            super().save(session)

    server.on("GET", "/v1/orders", ORDERS)
    store = Store(session(expires_in=0))
    client(server, store).orders.list_orders()
    assert store.session is not None
    assert store.session.refresh_token == "refresh-1"


def test_a_session_that_cannot_be_stored_is_used_nevertheless(server: Server) -> None:
    class FullDisk(MemorySessionStore):
        def save(self, session: Session | None) -> None:
            raise OSError("no space left on device")

    server.on("GET", "/v1/orders", ORDERS)
    spindle = client(server, FullDisk(session(expires_in=0)))
    with pytest.raises(OSError, match="no space"):
        spindle.orders.list_orders()
    spindle.orders.list_orders()
    assert server.sent("/v1/orders")[0].headers["Authorization"] == "Bearer access-1"


def test_threads_share_one_refresh(server: Server) -> None:
    threads = 8
    together = threading.Barrier(threads)

    def orders(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] == "Bearer access-0":
            together.wait()
            return token_refused()
        return ORDERS

    server.on("GET", "/v1/orders", orders)
    spindle = client(server, MemorySessionStore(session()))
    with ThreadPoolExecutor(threads) as pool:
        pages = list(pool.map(lambda _: spindle.orders.list_orders(), range(threads)))
    assert len(pages) == threads
    assert len(server.sent("/v1/auth/refresh")) == 1


@pytest.mark.anyio
async def test_tasks_share_one_refresh(server: Server, logged_in_async: AsyncSpindle) -> None:
    def orders(request: httpx.Request) -> httpx.Response:
        return token_refused() if request.headers["Authorization"] == "Bearer access-0" else ORDERS

    server.on("GET", "/v1/orders", orders)
    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(logged_in_async.orders.list_orders)
    assert len(server.sent("/v1/auth/refresh")) == 1
    assert server.sent("/v1/orders")[-1].headers["Authorization"] == "Bearer access-1"


@pytest.mark.anyio
async def test_a_cancelled_task_keeps_the_new_tokens(server: Server) -> None:
    started, store = anyio.Event(), MemorySessionStore(session(expires_in=0))

    async def handle(request: httpx.Request) -> httpx.Response:
        started.set()
        await anyio.lowlevel.checkpoint()
        return server(request)

    spindle = AsyncSpindle(URL, transport=httpx.MockTransport(handle), session_store=store)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(spindle.orders.list_orders)
        await started.wait()
        tasks.cancel_scope.cancel()
    assert store.session is not None
    assert store.session.refresh_token == "refresh-1"


@pytest.mark.anyio
async def test_a_session_of_tasks_is_opened_and_closed(server: Server) -> None:
    server.on("POST", "/v1/auth/logout", httpx.Response(204))
    async with AsyncSpindle(URL, transport=httpx.MockTransport(server)) as spindle:
        await spindle.log_in("ada@example.com", "a lighthouse in winter")
        assert spindle.session is not None
        await spindle.log_out()
        assert spindle.session is None
    assert json.loads(server.sent("/v1/auth/logout")[0].content) == {"refresh_token": "refresh-1"}


def test_a_log_out_forgets_the_session_even_if_it_fails(server: Server, logged_in: Spindle) -> None:
    server.on("POST", "/v1/auth/logout", problem(503, "unavailable"))
    with pytest.raises(ProblemError):
        logged_in.log_out()
    assert logged_in.session is None


def test_a_log_out_without_a_session_sends_nothing(server: Server, spindle: Spindle) -> None:
    spindle.log_out()
    assert server.requests == []


def test_a_stored_session_is_read_as_it_was_written() -> None:
    written = session()
    assert Session.from_dict(json.loads(json.dumps(written.to_dict()))) == written


def test_no_repr_shows_a_token_or_a_password(server: Server, spindle: Spindle) -> None:
    from spindle_client import models

    server.on("GET", "/v1/orders", token_refused())
    opened = spindle.log_in("ada@example.com", "a lighthouse in winter")
    with pytest.raises(ProblemError) as caught:
        spindle.orders.list_orders()
    shown = [
        opened,
        spindle,
        caught.value,
        models.LoginRequest(email="ada@example.com", password="a lighthouse in winter"),
        models.TokenResponse.from_dict(server.new_tokens().json()),
        models.RefreshTokenRequest(refresh_token="refresh-1"),
        models.PaymentMethod(token="pm_secret"),
    ]
    for value in shown:
        for secret in ("access-", "refresh-", "lighthouse", "pm_secret"):
            assert secret not in repr(value) + str(value)
    assert repr(spindle) == f"Spindle(url='{URL}', user='ada@example.com')"
    assert opened.expires_at > time.time()
