from typing import Any, Literal
from urllib.parse import quote

import httpx

from ...models.replay_count import ReplayCount


def request(
    service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
    id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/admin/dead-letters/{service}/{id}/replay".format(
            service=quote(str(service), safe=""),
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> ReplayCount:
    return ReplayCount.from_dict(response.json())
