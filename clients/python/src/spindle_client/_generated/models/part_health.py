from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PartHealth")


@_attrs_define
class PartHealth:
    """The state of a part of a service."""

    kind: Literal["database"] | Literal["key_value"] | Literal["provider"] | Literal["service"]
    """ The kind of the part. """
    ms: float
    """ Its response time as measured by the service, in milliseconds. """
    name: str
    """ The label of the database or store, or the name of the service or provider. """
    state: Literal["incompatible"] | Literal["ok"] | Literal["unavailable"]
    """ Its state. """
    cause: str | Unset = UNSET
    """ The reason why it is not `ok`. The log has the whole error. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind: Literal["database"] | Literal["key_value"] | Literal["provider"] | Literal["service"]
        kind = self.kind

        ms = self.ms

        name = self.name

        state: Literal["incompatible"] | Literal["ok"] | Literal["unavailable"]
        state = self.state

        cause = self.cause

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "ms": ms,
                "name": name,
                "state": state,
            }
        )
        if cause is not UNSET:
            field_dict["cause"] = cause

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_kind(
            data: object,
        ) -> Literal["database"] | Literal["key_value"] | Literal["provider"] | Literal["service"]:
            kind_type_0 = cast(Literal["database"], data)
            if kind_type_0 != "database":
                raise ValueError(f"kind_type_0 must match const 'database', got '{kind_type_0}'")
            return kind_type_0
            kind_type_1 = cast(Literal["key_value"], data)
            if kind_type_1 != "key_value":
                raise ValueError(f"kind_type_1 must match const 'key_value', got '{kind_type_1}'")
            return kind_type_1
            kind_type_2 = cast(Literal["service"], data)
            if kind_type_2 != "service":
                raise ValueError(f"kind_type_2 must match const 'service', got '{kind_type_2}'")
            return kind_type_2
            kind_type_3 = cast(Literal["provider"], data)
            if kind_type_3 != "provider":
                raise ValueError(f"kind_type_3 must match const 'provider', got '{kind_type_3}'")
            return kind_type_3

        kind = _parse_kind(d.pop("kind"))

        ms = d.pop("ms")

        name = d.pop("name")

        def _parse_state(data: object) -> Literal["incompatible"] | Literal["ok"] | Literal["unavailable"]:
            state_type_0 = cast(Literal["ok"], data)
            if state_type_0 != "ok":
                raise ValueError(f"state_type_0 must match const 'ok', got '{state_type_0}'")
            return state_type_0
            state_type_1 = cast(Literal["unavailable"], data)
            if state_type_1 != "unavailable":
                raise ValueError(f"state_type_1 must match const 'unavailable', got '{state_type_1}'")
            return state_type_1
            state_type_2 = cast(Literal["incompatible"], data)
            if state_type_2 != "incompatible":
                raise ValueError(f"state_type_2 must match const 'incompatible', got '{state_type_2}'")
            return state_type_2

        state = _parse_state(d.pop("state"))

        cause = d.pop("cause", UNSET)

        part_health = cls(
            kind=kind,
            ms=ms,
            name=name,
            state=state,
            cause=cause,
        )

        part_health.additional_properties = d
        return part_health

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
