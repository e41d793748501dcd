from typing import Any

import httpx

from ...models.session_page import SessionPage
from ...types import UNSET, Unset


def request(
    *,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/auth/sessions",
        "params": params,
    }

    return _kwargs


def parse(response: httpx.Response) -> SessionPage:
    return SessionPage.from_dict(response.json())
