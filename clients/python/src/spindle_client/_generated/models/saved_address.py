from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SavedAddress")


@_attrs_define
class SavedAddress:
    """A saved address of a user."""

    city: str
    """ The town, or the area of a country whose addresses have that instead; `""` if it has neither. """
    country: str
    """ The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo). """
    id: UUID
    """ The id, which an order can name, and which the address keeps when the list is written back. """
    label: None | str
    """ What the user calls the address, such as "home". """
    lines: list[str]
    """ Street, house and so on, 1 to 4 lines. """
    postal_code: str
    """ The postal code, as the country writes it; `""` if there is none. """
    name: str = ""
    """ The recipient. An address that was saved before it could have one has the display name of the user, or `""`
    if there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        city = self.city

        country = self.country

        id = str(self.id)

        label: None | str
        label = self.label

        lines = self.lines

        name = self.name

        postal_code = self.postal_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "city": city,
                "country": country,
                "id": id,
                "label": label,
                "lines": lines,
                "name": name,
                "postal_code": postal_code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        city = d.pop("city")

        country = d.pop("country")

        id = UUID(d.pop("id"))

        def _parse_label(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        label = _parse_label(d.pop("label"))

        lines = cast(list[str], d.pop("lines"))

        name = d.pop("name")

        postal_code = d.pop("postal_code")

        saved_address = cls(
            city=city,
            country=country,
            id=id,
            label=label,
            lines=lines,
            name=name,
            postal_code=postal_code,
        )

        saved_address.additional_properties = d
        return saved_address

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
