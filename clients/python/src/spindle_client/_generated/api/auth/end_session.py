from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx


def request(
    id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "DELETE",
        "url": "/v1/auth/sessions/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> None:
    return None
