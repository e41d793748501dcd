from typing import Any, Literal
from urllib.parse import quote

import httpx

from ...models.dead_letter import DeadLetter


def request(
    service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
    id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/admin/dead-letters/{service}/{id}".format(
            service=quote(str(service), safe=""),
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> DeadLetter:
    return DeadLetter.from_dict(response.json())
