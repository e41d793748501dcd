from typing import Any

import httpx

from ...models.refresh_token_request import RefreshTokenRequest
from ...models.token_response import TokenResponse


def request(
    body: RefreshTokenRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/auth/refresh",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> TokenResponse:
    return TokenResponse.from_dict(response.json())
