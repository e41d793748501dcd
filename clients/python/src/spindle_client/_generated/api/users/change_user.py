from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...models.user import User
from ...models.user_patch import UserPatch


def request(
    id: UUID,
    body: UserPatch,
    *,
    if_match: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "PATCH",
        "url": "/v1/users/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> User:
    return User.from_dict(response.json())
