from typing import Any

import httpx


def request() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "DELETE",
        "url": "/v1/auth/sessions",
    }

    return _kwargs


def parse(response: httpx.Response) -> None:
    return None
