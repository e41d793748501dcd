from uuid import UUID

import httpx
import pytest
from conftest import ORDER_ID, Server, order, problem

from spindle_client import NotModifiedError, ProblemError, Spindle, UnexpectedResponseError
from spindle_client.models import OrderStatus, PriceChangedProblem, UserPatch

ID = UUID(ORDER_ID)
PATH = f"/v1/orders/{ORDER_ID}"


def test_a_new_value_of_an_enumeration_is_kept(server: Server, logged_in: Spindle) -> None:
    server.on("GET", PATH, httpx.Response(200, json=order(status="on_hold")))
    status = logged_in.orders.get_order(ID).status
    assert isinstance(status, OrderStatus)
    assert status == "on_hold"
    assert status not in list(OrderStatus)
    assert status == OrderStatus("on_hold")
    assert f"{status} {status.value}" == "on_hold on_hold"
    assert len({status, OrderStatus("on_hold")}) == 1
    assert OrderStatus("paid") is OrderStatus.PAID


def test_new_members_are_kept(server: Server, logged_in: Spindle) -> None:
    total = {"amount": 1, "currency": "EUR", "exponent": 2}
    server.on("GET", PATH, httpx.Response(200, json=order(gift=True, total=total)))
    read = logged_in.orders.get_order(ID)
    assert read["gift"] is True
    assert read.total.amount == 1


def test_a_response_has_its_version(server: Server, logged_in: Spindle) -> None:
    server.on("GET", PATH, httpx.Response(200, headers={"ETag": '"v3"'}, json=order()))
    response = logged_in.orders.get_order_response(ID)
    assert (response.etag, response.status, response.data.number) == ('"v3"', 200, "7K3M-Q2XD")


def test_an_unchanged_resource_is_an_exception_of_its_own(server: Server, logged_in: Spindle) -> None:
    server.on("GET", PATH, httpx.Response(304))
    with pytest.raises(NotModifiedError):
        logged_in.orders.get_order(ID, if_none_match='"v3"')
    assert server.requests[0].headers["If-None-Match"] == '"v3"'


def test_a_change_names_the_version_that_was_read(server: Server, logged_in: Spindle) -> None:
    server.on("PATCH", "/v1/users/me", problem(412, "precondition-failed"))
    with pytest.raises(ProblemError) as caught:
        logged_in.users.change_own_user(UserPatch(locale="de-DE"), if_match='"v1"')
    assert caught.value.status == 412
    assert server.requests[0].headers["If-Match"] == '"v1"'
    assert server.requests[0].content == b'{"locale":"de-DE"}'


def test_a_problem_has_every_error_with_its_place(server: Server, spindle: Spindle) -> None:
    errors = [
        {"pointer": "/email", "detail": "is no e-mail address"},
        {"parameter": "limit", "detail": "is too small"},
        {"header": "If-Match", "detail": "is malformed"},
    ]
    server.on("GET", "/v1/products", problem(422, "validation-failed", errors=errors))
    with pytest.raises(ProblemError) as caught:
        spindle.catalog.list_products()
    error = caught.value
    assert error.type == "https://spindle.dev/problems/validation-failed"
    assert error.errors[0].pointer == "/email"
    assert str(error) == (
        "422 A title: What happened. (019bc102-9f40-7000-8000-0000000000ff); "
        "/email: is no e-mail address; limit: is too small; If-Match: is malformed"
    )


def test_a_problem_with_further_members_is_read_as_its_type(server: Server, spindle: Spindle) -> None:
    total = {"amount": 1399, "currency": "EUR"}
    server.on("GET", "/v1/products", problem(409, "price-changed", total=total, items=[]))
    with pytest.raises(ProblemError) as caught:
        spindle.catalog.list_products()
    assert PriceChangedProblem.from_dict(caught.value.members).total.amount == 1399


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(404, text="<html>no such page</html>"),
        httpx.Response(302, headers={"Location": "/elsewhere"}),
        httpx.Response(200, text="<html>a page</html>"),
        httpx.Response(200, json={"items": "none"}),
        httpx.Response(200, json=[]),
        httpx.Response(400, headers={"Content-Type": "application/problem+json"}, text="{}"),
        httpx.Response(400, headers={"Content-Type": "application/problem+json"}, text="[]"),
    ],
)
def test_a_response_of_something_else_is_an_error(server: Server, spindle: Spindle, response: httpx.Response) -> None:
    server.on("GET", "/v1/products", response)
    with pytest.raises(UnexpectedResponseError, match="GET /v1/products"):
        spindle.catalog.list_products()


def test_an_import_sends_its_lines_as_they_are(server: Server, logged_in: Spindle) -> None:
    server.on("POST", "/v1/products/import", problem(400, "malformed-request"))
    with pytest.raises(ProblemError):
        logged_in.catalog.import_products(b'{"sku":"A"}\n')
    assert server.requests[0].headers["Content-Type"] == "application/x-ndjson"
    assert server.requests[0].content == b'{"sku":"A"}\n'
