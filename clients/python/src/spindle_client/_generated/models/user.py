from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.role import Role
from ..models.user_status import UserStatus

if TYPE_CHECKING:
    from ..models.notification_preferences import NotificationPreferences
    from ..models.saved_address import SavedAddress


T = TypeVar("T", bound="User")


@_attrs_define
class User:
    """A user."""

    addresses: list[SavedAddress]
    """ The saved addresses. One of them can be named in an order. """
    created_at: datetime.datetime
    """ The time of the registration or creation. """
    display_name: None | str
    """ The name to call the user by. """
    email: str
    """ The e-mail address as it was written, with which the user logs in. No two users have the same one in any
    spelling. """
    id: UUID
    """ The id, which stays. """
    locale: str
    """ The language of messages to the user, as a language tag (BCP 47). """
    notification_preferences: NotificationPreferences
    """ The channels on which a user receives messages. """
    phone: None | str
    """ The number for text messages (E.164). """
    role: Role
    """ The roles, from the least to the most powerful; each may do all that the ones before it may.

    - `customer`: Places orders.
    - `operator`: Runs the shop.
    - `admin`: Appoints operators and sees the audit log. """
    status: UserStatus
    """ Whether a user may use the account.

    - `active`: The user may.
    - `deactivated`: An admin has deactivated the user: no log-in, and no session. """
    updated_at: datetime.datetime
    """ The time of the last change. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        addresses = []
        for addresses_item_data in self.addresses:
            addresses_item = addresses_item_data.to_dict()
            addresses.append(addresses_item)

        created_at = self.created_at.isoformat()

        display_name: None | str
        display_name = self.display_name

        email = self.email

        id = str(self.id)

        locale = self.locale

        notification_preferences = self.notification_preferences.to_dict()

        phone: None | str
        phone = self.phone

        role = self.role.value

        status = self.status.value

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "addresses": addresses,
                "created_at": created_at,
                "display_name": display_name,
                "email": email,
                "id": id,
                "locale": locale,
                "notification_preferences": notification_preferences,
                "phone": phone,
                "role": role,
                "status": status,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notification_preferences import NotificationPreferences  # noqa: PLC0415
        from ..models.saved_address import SavedAddress  # noqa: PLC0415

        d = dict(src_dict)
        addresses = []
        _addresses = d.pop("addresses")
        for addresses_item_data in _addresses:
            addresses_item = SavedAddress.from_dict(addresses_item_data)

            addresses.append(addresses_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_display_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        display_name = _parse_display_name(d.pop("display_name"))

        email = d.pop("email")

        id = UUID(d.pop("id"))

        locale = d.pop("locale")

        notification_preferences = NotificationPreferences.from_dict(d.pop("notification_preferences"))

        def _parse_phone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        phone = _parse_phone(d.pop("phone"))

        role = Role(d.pop("role"))

        status = UserStatus(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        user = cls(
            addresses=addresses,
            created_at=created_at,
            display_name=display_name,
            email=email,
            id=id,
            locale=locale,
            notification_preferences=notification_preferences,
            phone=phone,
            role=role,
            status=status,
            updated_at=updated_at,
        )

        user.additional_properties = d
        return user

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
