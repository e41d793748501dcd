from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...models.product import Product
from ...models.product_patch import ProductPatch


def request(
    id: UUID,
    body: ProductPatch,
    *,
    if_match: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "PATCH",
        "url": "/v1/products/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> Product:
    return Product.from_dict(response.json())
