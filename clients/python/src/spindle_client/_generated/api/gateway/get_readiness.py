from typing import Any

import httpx

from ...models.readiness_report import ReadinessReport


def request() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/readyz",
    }

    return _kwargs


def parse(response: httpx.Response) -> ReadinessReport:
    return ReadinessReport.from_dict(response.json())
