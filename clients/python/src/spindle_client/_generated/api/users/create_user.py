from typing import Any

import httpx

from ...models.invited_user import InvitedUser
from ...models.new_user import NewUser


def request(
    body: NewUser,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/users",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> InvitedUser:
    return InvitedUser.from_dict(response.json())
