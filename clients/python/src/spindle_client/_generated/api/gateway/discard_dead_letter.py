from typing import Any, Literal
from urllib.parse import quote

import httpx


def request(
    service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
    id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "DELETE",
        "url": "/v1/admin/dead-letters/{service}/{id}".format(
            service=quote(str(service), safe=""),
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> None:
    return None
