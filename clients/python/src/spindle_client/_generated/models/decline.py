from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.decline_code import DeclineCode

T = TypeVar("T", bound="Decline")


@_attrs_define
class Decline:
    """Why a payment was declined."""

    code: DeclineCode
    """ Who declined a payment, which tells whether another means of payment may help.

    - `declined`: The payer's bank or the payment service: another means of payment may be accepted.
    - `provider_error`: The payment provider, which cannot carry the payment out: the shop has to look into it. """
    detail: None | str
    """ The reason as the provider states it, for the payer to read. Null once the user is erased. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code.value

        detail: None | str
        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = DeclineCode(d.pop("code"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        decline = cls(
            code=code,
            detail=detail,
        )

        decline.additional_properties = d
        return decline

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
