from typing import Any

import httpx

from ...models.export import Export


def request() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/users/me/export",
    }

    return _kwargs


def parse(response: httpx.Response) -> Export:
    return Export.from_dict(response.json())
