from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...models.notification import Notification


def request(
    id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/notifications/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> Notification:
    return Notification.from_dict(response.json())
