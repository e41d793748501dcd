from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.erasure_state import ErasureState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.service_erasure_remaining import ServiceErasureRemaining


T = TypeVar("T", bound="ServiceErasure")


@_attrs_define
class ServiceErasure:
    """How far the erasure is in one service."""

    service: str
    """ The name of the service. """
    state: ErasureState
    """ The state of an erasure.

    - `pending`: Something of the user is still stored.
    - `done`: Nothing of the user is stored any more.
    - `unknown`: The service does not respond. """
    remaining: ServiceErasureRemaining | Unset = UNSET
    """ The number of things that are still to be erased, by their kind. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        service = self.service

        state = self.state.value

        remaining: dict[str, Any] | Unset = UNSET
        if not isinstance(self.remaining, Unset):
            remaining = self.remaining.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "service": service,
                "state": state,
            }
        )
        if remaining is not UNSET:
            field_dict["remaining"] = remaining

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.service_erasure_remaining import ServiceErasureRemaining  # noqa: PLC0415

        d = dict(src_dict)
        service = d.pop("service")

        state = ErasureState(d.pop("state"))

        _remaining = d.pop("remaining", UNSET)
        remaining: ServiceErasureRemaining | Unset
        if isinstance(_remaining, Unset):
            remaining = UNSET
        else:
            remaining = ServiceErasureRemaining.from_dict(_remaining)

        service_erasure = cls(
            service=service,
            state=state,
            remaining=remaining,
        )

        service_erasure.additional_properties = d
        return service_erasure

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
