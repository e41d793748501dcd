from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.role import Role
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.preferences_patch import PreferencesPatch
    from ..models.saved_address_input import SavedAddressInput


T = TypeVar("T", bound="UserPatch")


@_attrs_define
class UserPatch:
    """A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that may be empty."""

    addresses: list[SavedAddressInput] | Unset = UNSET
    """ The saved addresses from now on, all of them: one with the `id` that it was read with keeps it, and one
    without is new. """
    display_name: None | str | Unset = UNSET
    """ The new name to call the user by. """
    email: str | Unset = UNSET
    """ The new e-mail address. Another one than the current one requires a log-in of the last five minutes. """
    locale: str | Unset = UNSET
    """ The new language of messages to the user. """
    notification_preferences: PreferencesPatch | Unset = UNSET
    """ The channels of messages to turn on or off. An absent one stays. """
    phone: None | str | Unset = UNSET
    """ The new number for text messages. """
    role: Role | Unset = UNSET
    """ The roles, from the least to the most powerful; each may do all that the ones before it may.

    - `customer`: Places orders.
    - `operator`: Runs the shop.
    - `admin`: Appoints operators and sees the audit log. """

    def to_dict(self) -> dict[str, Any]:
        addresses: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.addresses, Unset):
            addresses = []
            for addresses_item_data in self.addresses:
                addresses_item = addresses_item_data.to_dict()
                addresses.append(addresses_item)

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        email = self.email

        locale = self.locale

        notification_preferences: dict[str, Any] | Unset = UNSET
        if not isinstance(self.notification_preferences, Unset):
            notification_preferences = self.notification_preferences.to_dict()

        phone: None | str | Unset
        if isinstance(self.phone, Unset):
            phone = UNSET
        else:
            phone = self.phone

        role: str | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if addresses is not UNSET:
            field_dict["addresses"] = addresses
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if email is not UNSET:
            field_dict["email"] = email
        if locale is not UNSET:
            field_dict["locale"] = locale
        if notification_preferences is not UNSET:
            field_dict["notification_preferences"] = notification_preferences
        if phone is not UNSET:
            field_dict["phone"] = phone
        if role is not UNSET:
            field_dict["role"] = role

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.preferences_patch import PreferencesPatch  # noqa: PLC0415
        from ..models.saved_address_input import SavedAddressInput  # noqa: PLC0415

        d = dict(src_dict)
        _addresses = d.pop("addresses", UNSET)
        addresses: list[SavedAddressInput] | Unset = UNSET
        if _addresses is not UNSET:
            addresses = []
            for addresses_item_data in _addresses:
                addresses_item = SavedAddressInput.from_dict(addresses_item_data)

                addresses.append(addresses_item)

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        email = d.pop("email", UNSET)

        locale = d.pop("locale", UNSET)

        _notification_preferences = d.pop("notification_preferences", UNSET)
        notification_preferences: PreferencesPatch | Unset
        if isinstance(_notification_preferences, Unset):
            notification_preferences = UNSET
        else:
            notification_preferences = PreferencesPatch.from_dict(_notification_preferences)

        def _parse_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone = _parse_phone(d.pop("phone", UNSET))

        _role = d.pop("role", UNSET)
        role: Role | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = Role(_role)

        user_patch = cls(
            addresses=addresses,
            display_name=display_name,
            email=email,
            locale=locale,
            notification_preferences=notification_preferences,
            phone=phone,
            role=role,
        )

        return user_patch
