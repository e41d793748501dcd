from typing import Any

import httpx

from ...models.replay_count import ReplayCount
from ...models.replay_request import ReplayRequest


def request(
    body: ReplayRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/admin/dead-letters/replay",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> ReplayCount:
    return ReplayCount.from_dict(response.json())
