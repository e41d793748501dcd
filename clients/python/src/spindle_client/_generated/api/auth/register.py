from typing import Any

import httpx

from ...models.register_request import RegisterRequest
from ...models.registered_user import RegisteredUser


def request(
    body: RegisterRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/auth/register",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> RegisteredUser:
    return RegisteredUser.from_dict(response.json())
