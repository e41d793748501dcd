import datetime
from typing import Any

import httpx

from ...models.audit_row_page import AuditRowPage
from ...types import UNSET, Unset


def request(
    *,
    action: str | Unset = UNSET,
    actor: str | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    source: str | Unset = UNSET,
    subject: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["action"] = action

    params["actor"] = actor

    json_created_after: str | Unset = UNSET
    if not isinstance(created_after, Unset):
        json_created_after = created_after.isoformat()
    params["created_after"] = json_created_after

    json_created_before: str | Unset = UNSET
    if not isinstance(created_before, Unset):
        json_created_before = created_before.isoformat()
    params["created_before"] = json_created_before

    params["cursor"] = cursor

    params["limit"] = limit

    params["source"] = source

    params["subject"] = subject

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/admin/audit",
        "params": params,
    }

    return _kwargs


def parse(response: httpx.Response) -> AuditRowPage:
    return AuditRowPage.from_dict(response.json())
