from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.role import Role
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.preferences_patch import PreferencesPatch
    from ..models.saved_address_input import SavedAddressInput


T = TypeVar("T", bound="NewUser")


@_attrs_define
class NewUser:
    """A new user. Everything but the e-mail address may be left out."""

    email: str
    """ The e-mail address, with which the user logs in. Another user must not have it in any spelling. """
    addresses: list[SavedAddressInput] | Unset = UNSET
    """ The saved addresses. """
    display_name: None | str | Unset = UNSET
    """ The name to call the user by. """
    locale: None | str | Unset = UNSET
    """ The language of messages to the user. `en` if it is absent. """
    notification_preferences: PreferencesPatch | Unset = UNSET
    """ The channels of messages to turn on or off. An absent one stays. """
    phone: None | str | Unset = UNSET
    """ The number for text messages. """
    role: Role | Unset = UNSET
    """ The roles, from the least to the most powerful; each may do all that the ones before it may.

    - `customer`: Places orders.
    - `operator`: Runs the shop.
    - `admin`: Appoints operators and sees the audit log. """

    def to_dict(self) -> dict[str, Any]:
        email = self.email

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

        locale: None | str | Unset
        if isinstance(self.locale, Unset):
            locale = UNSET
        else:
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

        field_dict.update(
            {
                "email": email,
            }
        )
        if addresses is not UNSET:
            field_dict["addresses"] = addresses
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
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
        email = d.pop("email")

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

        def _parse_locale(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        locale = _parse_locale(d.pop("locale", UNSET))

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

        new_user = cls(
            email=email,
            addresses=addresses,
            display_name=display_name,
            locale=locale,
            notification_preferences=notification_preferences,
            phone=phone,
            role=role,
        )

        return new_user
