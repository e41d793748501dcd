from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PreferencesPatch")


@_attrs_define
class PreferencesPatch:
    """The channels of messages to turn on or off. An absent one stays."""

    email: bool | Unset = UNSET
    """ Whether by e-mail. """
    push: bool | Unset = UNSET
    """ Whether by push message. """
    sms: bool | Unset = UNSET
    """ Whether by text message. """

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        push = self.push

        sms = self.sms

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if email is not UNSET:
            field_dict["email"] = email
        if push is not UNSET:
            field_dict["push"] = push
        if sms is not UNSET:
            field_dict["sms"] = sms

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email", UNSET)

        push = d.pop("push", UNSET)

        sms = d.pop("sms", UNSET)

        preferences_patch = cls(
            email=email,
            push=push,
            sms=sms,
        )

        return preferences_patch
