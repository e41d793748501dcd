from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.erasure_state import ErasureState

if TYPE_CHECKING:
    from ..models.service_erasure import ServiceErasure


T = TypeVar("T", bound="Erasure")


@_attrs_define
class Erasure:
    """How far the erasure of a user is."""

    requested_at: datetime.datetime
    """ The time of the request for it. """
    services: list[ServiceErasure]
    """ The services that hold data of users. """
    state: ErasureState
    """ The state of an erasure.

    - `pending`: Something of the user is still stored.
    - `done`: Nothing of the user is stored any more.
    - `unknown`: The service does not respond. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        requested_at = self.requested_at.isoformat()

        services = []
        for services_item_data in self.services:
            services_item = services_item_data.to_dict()
            services.append(services_item)

        state = self.state.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requested_at": requested_at,
                "services": services,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.service_erasure import ServiceErasure  # noqa: PLC0415

        d = dict(src_dict)
        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))

        services = []
        _services = d.pop("services")
        for services_item_data in _services:
            services_item = ServiceErasure.from_dict(services_item_data)

            services.append(services_item)

        state = ErasureState(d.pop("state"))

        erasure = cls(
            requested_at=requested_at,
            services=services,
            state=state,
        )

        erasure.additional_properties = d
        return erasure

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
