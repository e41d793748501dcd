from uuid import UUID

import httpx
import pytest
from conftest import ORDER_ID, URL, Server, order, problem, session, token_refused

from spindle_client import AsyncSpindle, MemorySessionStore, ProblemError, Spindle
from spindle_client.models import PaymentMethod, PlaceOrderRequest, RequestedItem, StockLevel

ORDER = httpx.Response(201, json=order())
PRODUCTS = httpx.Response(200, json={"items": [], "next_cursor": None})
REQUEST = PlaceOrderRequest(
    items=[RequestedItem(product_id=UUID(ORDER_ID), quantity=1)],
    payment_method=PaymentMethod(token="pm_ok"),
    shipping_address_id=UUID(ORDER_ID),
)


def keys(server: Server) -> set[str]:
    return {request.headers["Idempotency-Key"] for request in server.sent("/v1/orders")}


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("closed"),
        problem(429, "rate-limited", {"Retry-After": "2"}),
        problem(500, "internal-error"),
        problem(503, "unavailable"),
        httpx.Response(502, text="<html>"),
        httpx.Response(504),
    ],
)
def test_a_get_is_repeated_after_a_failure(
    server: Server, spindle: Spindle, waits: list[float], failure: httpx.Response | Exception
) -> None:
    server.on("GET", "/v1/products", failure, failure, PRODUCTS)
    assert spindle.catalog.list_products().items == []
    assert len(server.requests) == 3
    assert len(waits) == 2


def test_retry_after_is_waited_for(server: Server, spindle: Spindle, waits: list[float]) -> None:
    server.on("GET", "/v1/products", problem(503, "unavailable", {"Retry-After": "7"}), PRODUCTS)
    spindle.catalog.list_products()
    assert waits == [7]


def test_a_date_in_retry_after_is_understood(server: Server, spindle: Spindle, waits: list[float]) -> None:
    past = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    server.on("GET", "/v1/products", problem(503, "unavailable", past), PRODUCTS)
    spindle.catalog.list_products()
    assert len(waits) == 1
    assert 0 < waits[0] < 1


def test_a_long_retry_after_is_left_to_the_caller(server: Server, spindle: Spindle, waits: list[float]) -> None:
    server.on("GET", "/v1/products", problem(429, "rate-limited", {"Retry-After": "3600"}))
    with pytest.raises(ProblemError) as caught:
        spindle.catalog.list_products()
    assert caught.value.retry_after == 3600
    assert waits == []


def test_the_waits_grow(server: Server, waits: list[float]) -> None:
    server.on("GET", "/v1/products", httpx.ConnectError("refused"))
    spindle = Spindle(URL, transport=httpx.MockTransport(server), retries=6)
    with pytest.raises(httpx.ConnectError):
        spindle.catalog.list_products()
    assert len(waits) == 6
    assert all(wait <= min(5, 0.2 * 2**attempt) <= 2 * wait for attempt, wait in enumerate(waits))


def test_without_retries_the_first_failure_is_raised(server: Server) -> None:
    server.on("GET", "/v1/products", problem(503, "unavailable"))
    spindle = Spindle(URL, transport=httpx.MockTransport(server), retries=0)
    with pytest.raises(ProblemError):
        spindle.catalog.list_products()
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refusal_is_not_repeated(server: Server, spindle: Spindle, status: int) -> None:
    server.on("GET", "/v1/products", problem(status, "some-problem"))
    with pytest.raises(ProblemError):
        spindle.catalog.list_products()
    assert len(server.requests) == 1


def test_a_post_without_a_key_is_not_repeated(server: Server, spindle: Spindle) -> None:
    server.on("POST", "/v1/auth/login", problem(503, "unavailable", {"Retry-After": "1"}))
    with pytest.raises(ProblemError):
        spindle.log_in("ada@example.com", "a lighthouse in winter")
    assert len(server.requests) == 1


def test_a_put_is_repeated(server: Server, logged_in: Spindle) -> None:
    path = f"/v1/products/{ORDER_ID}/stock"
    stock = {"product_id": ORDER_ID, "on_hand": 3, "reserved": 0, "allocated": 0, "available": 3}
    server.on("PUT", path, httpx.ReadError("lost"), httpx.Response(200, json=stock))
    assert logged_in.catalog.set_product_stock(UUID(ORDER_ID), StockLevel(on_hand=3)).available == 3


def test_an_order_is_repeated_with_its_key(server: Server, logged_in: Spindle) -> None:
    in_flight = problem(409, "idempotency-key-in-flight", {"Retry-After": "1"})
    server.on("POST", "/v1/orders", httpx.ReadError("lost"), in_flight, token_refused(), ORDER)
    assert logged_in.orders.place_order(REQUEST).number == "7K3M-Q2XD"
    assert len(server.sent("/v1/orders")) == 4
    assert len(keys(server)) == 1
    assert len({request.content for request in server.sent("/v1/orders")}) == 1


def test_two_orders_have_two_keys(server: Server, logged_in: Spindle) -> None:
    server.on("POST", "/v1/orders", ORDER)
    logged_in.orders.place_order(REQUEST)
    logged_in.orders.place_order(REQUEST)
    assert len(keys(server)) == 2


def test_a_key_of_the_caller_is_kept(server: Server, logged_in: Spindle) -> None:
    server.on("POST", "/v1/orders", ORDER)
    logged_in.orders.place_order(REQUEST, idempotency_key="7d1c")
    assert keys(server) == {"7d1c"}


def test_a_conflict_is_not_repeated(server: Server, logged_in: Spindle) -> None:
    server.on("POST", "/v1/orders", problem(409, "conflict", {"Retry-After": "1"}))
    with pytest.raises(ProblemError):
        logged_in.orders.place_order(REQUEST)
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_tasks_repeat_with_the_key_too(server: Server, waits: list[float]) -> None:
    server.on("POST", "/v1/orders", httpx.ReadError("lost"), ORDER)
    store = MemorySessionStore(session())
    async with AsyncSpindle(URL, transport=httpx.MockTransport(server), session_store=store) as spindle:
        await spindle.orders.place_order(REQUEST)
    assert len(server.sent("/v1/orders")) == 2
    assert len(keys(server)) == 1
    assert len(waits) == 1
