from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AcceptRequest")


@_attrs_define
class AcceptRequest:
    """The acceptance of an invitation."""

    password: str = _attrs_field(repr=False)
    """ The first password: one that is not common, and does not repeat a short text. """
    token: str = _attrs_field(repr=False)
    """ The token of the invitation. """

    def to_dict(self) -> dict[str, Any]:
        password = self.password

        token = self.token

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "password": password,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        password = d.pop("password")

        token = d.pop("token")

        accept_request = cls(
            password=password,
            token=token,
        )

        return accept_request
