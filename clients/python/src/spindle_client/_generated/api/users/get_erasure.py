from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...models.erasure import Erasure


def request(
    id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/users/{id}/erasure".format(
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> Erasure:
    return Erasure.from_dict(response.json())
