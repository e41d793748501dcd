from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ShippingAddress")


@_attrs_define
class ShippingAddress:
    """The recipient of an order and the address. If the customer was erased, and the order need not be kept, all but the
    country is empty.

    """

    country: str
    """ The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo). """
    lines: list[str]
    """ Street, house and so on. """
    name: str
    """ The recipient. """
    city: str = ""
    """ The town, or the area of a country whose addresses have that instead; empty if there is none. """
    postal_code: str = ""
    """ The postal code; empty if there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        city = self.city

        country = self.country

        lines = self.lines

        name = self.name

        postal_code = self.postal_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "city": city,
                "country": country,
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

        lines = cast(list[str], d.pop("lines"))

        name = d.pop("name")

        postal_code = d.pop("postal_code")

        shipping_address = cls(
            city=city,
            country=country,
            lines=lines,
            name=name,
            postal_code=postal_code,
        )

        shipping_address.additional_properties = d
        return shipping_address

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
