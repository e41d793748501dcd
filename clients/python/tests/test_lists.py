from typing import Any
from uuid import UUID

import httpx
import pytest
from conftest import ORDER_ID, TIME, Server, order

from spindle_client import AsyncSpindle, Spindle, paginate, paginate_async

ID = UUID(ORDER_ID)
PATH = f"/v1/orders/{ORDER_ID}"


def pages(request: httpx.Request) -> httpx.Response:
    cursor = request.url.params.get("cursor")
    following = {None: "second", "second": "third", "third": None}[cursor]
    number = cursor or "first"
    return httpx.Response(200, json={"items": [order(number=number)], "next_cursor": following})


def timeline(status: str, events: int, awaiting: str | None) -> httpx.Response:
    body: dict[str, Any] = {
        "order_id": ORDER_ID,
        "status": status,
        "awaiting": {"what": awaiting, "until": None} if awaiting else None,
        "items": [{"at": TIME, "kind": "placed", "detail": str(event)} for event in range(events)],
    }
    return httpx.Response(200, json=body)


def test_a_list_is_read_to_its_end(server: Server, logged_in: Spindle) -> None:
    server.on("GET", "/v1/orders", pages)
    numbers = [order.number for order in paginate(logged_in.orders.list_orders, limit=1, sort="created_at")]
    assert numbers == ["first", "second", "third"]
    assert {request.url.params["limit"] for request in server.requests} == {"1"}
    assert {request.url.params["sort"] for request in server.requests} == {"created_at"}


def test_a_page_is_read_when_it_is_needed(server: Server, logged_in: Spindle) -> None:
    server.on("GET", "/v1/orders", pages)
    assert next(paginate(logged_in.orders.list_orders)).number == "first"
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_tasks_read_a_list_to_its_end(server: Server, logged_in_async: AsyncSpindle) -> None:
    server.on("GET", "/v1/orders", pages)
    numbers = [order.number async for order in paginate_async(logged_in_async.orders.list_orders)]
    assert numbers == ["first", "second", "third"]


def script(server: Server) -> None:
    """Answers with an order that is paid, and then cancelled, whose refund comes later."""
    server.on("GET", PATH, httpx.Response(200, json=order()))
    server.on(
        "GET",
        f"{PATH}/timeline",
        timeline("pending_payment", 1, "the payment"),
        timeline("pending_payment", 1, "the payment"),
        timeline("paid", 2, "shipping"),
        timeline("cancelled", 3, "the refund"),
        timeline("cancelled", 4, None),
    )


def test_an_order_is_watched_until_it_is_final(server: Server, logged_in: Spindle, waits: list[float]) -> None:
    script(server)
    seen = [(update.timeline.status.value, update.is_final) for update in logged_in.watch_order(ID)]
    assert seen == [("pending_payment", False), ("paid", False), ("cancelled", False), ("cancelled", True)]
    assert len(waits) == 4


@pytest.mark.anyio
async def test_tasks_watch_an_order_until_it_is_final(
    server: Server, logged_in_async: AsyncSpindle, waits: list[float]
) -> None:
    script(server)
    seen = [update.timeline.status.value async for update in logged_in_async.watch_order(ID)]
    assert seen == ["pending_payment", "paid", "cancelled", "cancelled"]
    assert len(waits) == 4


def test_a_watch_ends_after_its_timeout(server: Server, logged_in: Spindle) -> None:
    script(server)
    updates = logged_in.watch_order(ID, timeout=0)
    assert next(updates).timeline.status == "pending_payment"
    with pytest.raises(TimeoutError):
        next(updates)
