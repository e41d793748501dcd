from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ExportedKey")


@_attrs_define
class ExportedKey:
    """An `Idempotency-Key` of a request of the user."""

    created_at: datetime.datetime
    """ The time of the request. """
    key: str
    """ The key. """
    operation: str
    """ What was requested. """
    resource_id: str
    """ The id of the resource that the request creates. """
    service: str
    """ The service that keeps it. """
    status: int | None
    """ The status of the stored response; `null` while the request is in progress. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        key = self.key

        operation = self.operation

        resource_id = self.resource_id

        service = self.service

        status: int | None
        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "key": key,
                "operation": operation,
                "resource_id": resource_id,
                "service": service,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        key = d.pop("key")

        operation = d.pop("operation")

        resource_id = d.pop("resource_id")

        service = d.pop("service")

        def _parse_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        status = _parse_status(d.pop("status"))

        exported_key = cls(
            created_at=created_at,
            key=key,
            operation=operation,
            resource_id=resource_id,
            service=service,
            status=status,
        )

        exported_key.additional_properties = d
        return exported_key

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
