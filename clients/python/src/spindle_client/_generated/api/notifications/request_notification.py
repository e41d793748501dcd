from typing import Any

import httpx

from ...models.notification_request import NotificationRequest
from ...models.queued_notifications import QueuedNotifications
from ...types import UNSET, Unset


def request(
    body: NotificationRequest,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/v1/notifications",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def parse(response: httpx.Response) -> QueuedNotifications:
    return QueuedNotifications.from_dict(response.json())
