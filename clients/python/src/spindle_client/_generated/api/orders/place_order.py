from typing import Any

import httpx

from ...models.order import Order
from ...models.place_order_request import PlaceOrderRequest
from ...types import UNSET, Unset


def request(
    body: PlaceOrderRequest,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/orders",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> Order:
    return Order.from_dict(response.json())
