from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ExportedCredentials")


@_attrs_define
class ExportedCredentials:
    """The credentials of a user, without the password."""

    created_at: datetime.datetime
    """ The time at which the user got the first password. """
    failed_log_ins: list[datetime.datetime]
    """ The latest failed log-ins since the last one that succeeded. """
    password_changed_at: datetime.datetime
    """ The time of the last change of the password. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        failed_log_ins = []
        for failed_log_ins_item_data in self.failed_log_ins:
            failed_log_ins_item = failed_log_ins_item_data.isoformat()
            failed_log_ins.append(failed_log_ins_item)

        password_changed_at = self.password_changed_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "failed_log_ins": failed_log_ins,
                "password_changed_at": password_changed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        failed_log_ins = []
        _failed_log_ins = d.pop("failed_log_ins")
        for failed_log_ins_item_data in _failed_log_ins:
            failed_log_ins_item = datetime.datetime.fromisoformat(failed_log_ins_item_data)

            failed_log_ins.append(failed_log_ins_item)

        password_changed_at = datetime.datetime.fromisoformat(d.pop("password_changed_at"))

        exported_credentials = cls(
            created_at=created_at,
            failed_log_ins=failed_log_ins,
            password_changed_at=password_changed_at,
        )

        exported_credentials.additional_properties = d
        return exported_credentials

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
