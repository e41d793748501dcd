from typing import Any

import httpx

from ...models.audit_verification import AuditVerification
from ...types import UNSET, Unset


def request(
    *,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/v1/admin/audit/verify",
        "params": params,
    }

    return _kwargs


def parse(response: httpx.Response) -> AuditVerification:
    return AuditVerification.from_dict(response.json())
