from typing import Any

import httpx

from ...models.accept_request import AcceptRequest
from ...models.identity import Identity


def request(
    body: AcceptRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/auth/invitations/accept",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> Identity:
    return Identity.from_dict(response.json())
