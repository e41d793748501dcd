from typing import Any, Literal

import httpx

from ...models.product_page import ProductPage
from ...models.product_status import ProductStatus
from ...types import UNSET, Unset


def request(
    *,
    category: str | Unset = UNSET,
    currency: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    in_stock: bool | Unset = UNSET,
    limit: int | Unset = UNSET,
    max_price: int | Unset = UNSET,
    min_price: int | Unset = UNSET,
    q: str | Unset = UNSET,
    sku: str | Unset = UNSET,
    sort: Literal["-price"]
    | Literal["name"]
    | Literal["newest"]
    | Literal["price"]
    | Literal["relevance"]
    | Unset = UNSET,
    status: ProductStatus | Unset = UNSET,
    if_match: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    params: dict[str, Any] = {}

    params["category"] = category

    params["currency"] = currency

    params["cursor"] = cursor

    params["in_stock"] = in_stock

    params["limit"] = limit

    params["max_price"] = max_price

    params["min_price"] = min_price

    params["q"] = q

    params["sku"] = sku

    json_sort: Literal["-price"] | Literal["name"] | Literal["newest"] | Literal["price"] | Literal["relevance"] | Unset
    if isinstance(sort, Unset):
        json_sort = UNSET
    else:
        json_sort = sort
    params["sort"] = json_sort

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/products",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> ProductPage:
    return ProductPage.from_dict(response.json())
