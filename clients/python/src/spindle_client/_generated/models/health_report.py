from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.service_health import ServiceHealth


T = TypeVar("T", bound="HealthReport")


@_attrs_define
class HealthReport:
    """The state of the platform."""

    services: list[ServiceHealth]
    """ Every service. """
    state: Literal["degraded"] | Literal["ok"] | Literal["unavailable"]
    """ The worst state of a service. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        services = []
        for services_item_data in self.services:
            services_item = services_item_data.to_dict()
            services.append(services_item)

        state: Literal["degraded"] | Literal["ok"] | Literal["unavailable"]
        state = self.state

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "services": services,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.service_health import ServiceHealth  # noqa: PLC0415

        d = dict(src_dict)
        services = []
        _services = d.pop("services")
        for services_item_data in _services:
            services_item = ServiceHealth.from_dict(services_item_data)

            services.append(services_item)

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

        health_report = cls(
            services=services,
            state=state,
        )

        health_report.additional_properties = d
        return health_report

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
