from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...models.order_timeline import OrderTimeline


def request(
    id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/orders/{id}/timeline".format(
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def parse(response: httpx.Response) -> OrderTimeline:
    return OrderTimeline.from_dict(response.json())
