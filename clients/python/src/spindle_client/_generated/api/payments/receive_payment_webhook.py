from typing import Any
from urllib.parse import quote

import httpx

from ...models.payment_webhook import PaymentWebhook


def request(
    provider: str,
    body: PaymentWebhook,
    *,
    spindle_signature: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Spindle-Signature"] = spindle_signature

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/webhooks/payments/{provider}".format(
            provider=quote(str(provider), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> None:
    return None
