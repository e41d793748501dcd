from typing import Any

import httpx

from ...models.health_report import HealthReport


def request() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/admin/health",
    }

    return _kwargs


def parse(response: httpx.Response) -> HealthReport:
    return HealthReport.from_dict(response.json())
