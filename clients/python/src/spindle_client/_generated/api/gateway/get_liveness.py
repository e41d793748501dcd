from typing import Any

import httpx

from ...models.liveness import Liveness


def request() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/healthz",
    }

    return _kwargs


def parse(response: httpx.Response) -> Liveness:
    return Liveness.from_dict(response.json())
