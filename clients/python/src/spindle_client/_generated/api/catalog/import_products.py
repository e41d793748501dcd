from typing import Any

import httpx

from ...models.import_report import ImportReport


def request(
    body: bytes,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/products/import",
    }

    _kwargs["content"] = body
    headers["Content-Type"] = "application/x-ndjson"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> ImportReport:
    return ImportReport.from_dict(response.json())
