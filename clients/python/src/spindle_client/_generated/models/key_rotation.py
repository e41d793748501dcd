from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.retired_key import RetiredKey


T = TypeVar("T", bound="KeyRotation")


@_attrs_define
class KeyRotation:
    """A rotation of the signing key."""

    kid: str
    """ The id of the new key. """
    not_before: datetime.datetime
    """ The time from which on it signs. """
    retired: None | RetiredKey
    """ The key that signed until then. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.retired_key import RetiredKey  # noqa: PLC0415

        kid = self.kid

        not_before = self.not_before.isoformat()

        retired: dict[str, Any] | None
        if isinstance(self.retired, RetiredKey):
            retired = self.retired.to_dict()
        else:
            retired = self.retired

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kid": kid,
                "not_before": not_before,
                "retired": retired,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.retired_key import RetiredKey  # noqa: PLC0415

        d = dict(src_dict)
        kid = d.pop("kid")

        not_before = datetime.datetime.fromisoformat(d.pop("not_before"))

        def _parse_retired(data: object) -> None | RetiredKey:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                retired_type_0 = RetiredKey.from_dict(data)

                return retired_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RetiredKey, data)

        retired = _parse_retired(d.pop("retired"))

        key_rotation = cls(
            kid=kid,
            not_before=not_before,
            retired=retired,
        )

        key_rotation.additional_properties = d
        return key_rotation

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
