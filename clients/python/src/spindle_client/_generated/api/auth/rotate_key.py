from typing import Any

import httpx

from ...models.key_rotation import KeyRotation


def request() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/admin/auth/keys/rotate",
    }

    return _kwargs


def parse(response: httpx.Response) -> KeyRotation:
    return KeyRotation.from_dict(response.json())
