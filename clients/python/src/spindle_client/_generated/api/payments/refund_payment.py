from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...models.payment import Payment
from ...models.refund_request import RefundRequest
from ...types import UNSET, Unset


def request(
    id: UUID,
    body: RefundRequest | Unset = UNSET,
    *,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/payments/{id}/refund".format(
            id=quote(str(id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> Payment:
    return Payment.from_dict(response.json())
