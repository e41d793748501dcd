from typing import Any, Literal

import httpx

from ...models.user_page import UserPage
from ...types import UNSET, Unset


def request(
    *,
    collides: Literal["true"] | Unset = UNSET,
    cursor: str | Unset = UNSET,
    email: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_collides: Literal["true"] | Unset
    if isinstance(collides, Unset):
        json_collides = UNSET
    else:
        json_collides = collides
    params["collides"] = json_collides

    params["cursor"] = cursor

    params["email"] = email

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/users",
        "params": params,
    }

    return _kwargs


def parse(response: httpx.Response) -> UserPage:
    return UserPage.from_dict(response.json())
