from typing import Any, Literal

import httpx

from ...models.dead_letter_page import DeadLetterPage
from ...types import UNSET, Unset


def request(
    *,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    service: Literal["notifications"] | Literal["orders"] | Literal["payments"] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["limit"] = limit

    json_service: Literal["notifications"] | Literal["orders"] | Literal["payments"] | Unset
    if isinstance(service, Unset):
        json_service = UNSET
    else:
        json_service = service
    params["service"] = json_service

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/admin/dead-letters",
        "params": params,
    }

    return _kwargs


def parse(response: httpx.Response) -> DeadLetterPage:
    return DeadLetterPage.from_dict(response.json())
