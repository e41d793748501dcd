from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Stock")


@_attrs_define
class Stock:
    """The stock of a product, as operators see it."""

    allocated: int
    """ The units among them that are sold and not shipped yet. """
    available: int
    """ The units that can be sold: `on_hand - reserved - allocated`. """
    on_hand: int
    """ The units on the shelf, as a count finds them. """
    reserved: int
    """ The units among them that are reserved for orders whose payment is pending. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        allocated = self.allocated

        available = self.available

        on_hand = self.on_hand

        reserved = self.reserved

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "allocated": allocated,
                "available": available,
                "on_hand": on_hand,
                "reserved": reserved,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        allocated = d.pop("allocated")

        available = d.pop("available")

        on_hand = d.pop("on_hand")

        reserved = d.pop("reserved")

        stock = cls(
            allocated=allocated,
            available=available,
            on_hand=on_hand,
            reserved=reserved,
        )

        stock.additional_properties = d
        return stock

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
