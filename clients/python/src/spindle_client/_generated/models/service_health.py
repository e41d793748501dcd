from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.part_health import PartHealth


T = TypeVar("T", bound="ServiceHealth")


@_attrs_define
class ServiceHealth:
    """The state of one service."""

    ms: float
    """ Its response time as measured by the gateway, in milliseconds. """
    name: str
    """ The service's name. """
    parts: list[PartHealth]
    """ Its parts: its database, its key-value stores, and what it calls. None if it does not respond. """
    state: Literal["degraded"] | Literal["ok"] | Literal["unavailable"]
    """ Its state. """
    cause: str | Unset = UNSET
    """ The reason why it does not respond, or which of its variables has no valid value. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ms = self.ms

        name = self.name

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        state: Literal["degraded"] | Literal["ok"] | Literal["unavailable"]
        state = self.state

        cause = self.cause

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ms": ms,
                "name": name,
                "parts": parts,
                "state": state,
            }
        )
        if cause is not UNSET:
            field_dict["cause"] = cause

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_health import PartHealth  # noqa: PLC0415

        d = dict(src_dict)
        ms = d.pop("ms")

        name = d.pop("name")

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = PartHealth.from_dict(parts_item_data)

            parts.append(parts_item)

        def _parse_state(data: object) -> Literal["degraded"] | Literal["ok"] | Literal["unavailable"]:
            state_type_0 = cast(Literal["ok"], data)
            if state_type_0 != "ok":
                raise ValueError(f"state_type_0 must match const 'ok', got '{state_type_0}'")
            return state_type_0
            state_type_1 = cast(Literal["degraded"], data)
            if state_type_1 != "degraded":
                raise ValueError(f"state_type_1 must match const 'degraded', got '{state_type_1}'")
            return state_type_1
            state_type_2 = cast(Literal["unavailable"], data)
            if state_type_2 != "unavailable":
                raise ValueError(f"state_type_2 must match const 'unavailable', got '{state_type_2}'")
            return state_type_2

        state = _parse_state(d.pop("state"))

        cause = d.pop("cause", UNSET)

        service_health = cls(
            ms=ms,
            name=name,
            parts=parts,
            state=state,
            cause=cause,
        )

        service_health.additional_properties = d
        return service_health

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
