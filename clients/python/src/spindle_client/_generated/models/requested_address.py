from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RequestedAddress")


@_attrs_define
class RequestedAddress:
    """A recipient and an address."""

    country: str
    """ The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo). """
    lines: list[str]
    """ Street, house and so on. """
    name: str
    """ The recipient. """
    city: str | Unset = ""
    """ The town, or the area of a country whose addresses have that instead. Required in most countries. """
    id: None | Unset | UUID = UNSET
    """ Ignored: the id of a saved address. """
    label: None | str | Unset = UNSET
    """ Ignored: the label of a saved address. """
    postal_code: str | Unset = ""
    """ The postal code. Required in the countries whose post requires it. """

    def to_dict(self) -> dict[str, Any]:
        country = self.country

        lines = self.lines

        name = self.name

        city = self.city

        id: None | str | Unset
        if isinstance(self.id, Unset):
            id = UNSET
        elif isinstance(self.id, UUID):
            id = str(self.id)
        else:
            id = self.id

        label: None | str | Unset
        if isinstance(self.label, Unset):
            label = UNSET
        else:
            label = self.label

        postal_code = self.postal_code

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "country": country,
                "lines": lines,
                "name": name,
            }
        )
        if city is not UNSET:
            field_dict["city"] = city
        if id is not UNSET:
            field_dict["id"] = id
        if label is not UNSET:
            field_dict["label"] = label
        if postal_code is not UNSET:
            field_dict["postal_code"] = postal_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        country = d.pop("country")

        lines = cast(list[str], d.pop("lines"))

        name = d.pop("name")

        city = d.pop("city", UNSET)

        def _parse_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                id_type_0 = UUID(data)

                return id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        id = _parse_id(d.pop("id", UNSET))

        def _parse_label(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        label = _parse_label(d.pop("label", UNSET))

        postal_code = d.pop("postal_code", UNSET)

        requested_address = cls(
            country=country,
            lines=lines,
            name=name,
            city=city,
            id=id,
            label=label,
            postal_code=postal_code,
        )

        return requested_address
