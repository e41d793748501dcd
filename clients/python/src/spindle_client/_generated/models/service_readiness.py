from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ServiceReadiness")


@_attrs_define
class ServiceReadiness:
    """The readiness of one service."""

    ms: float
    """ The response time of the service as measured by the gateway, in milliseconds. """
    name: str
    """ The service's name. """
    ready: bool
    """ Whether the service can work in this process. """
    detail: str | Unset = UNSET
    """ The reason why the service is not ready. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ms = self.ms

        name = self.name

        ready = self.ready

        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ms": ms,
                "name": name,
                "ready": ready,
            }
        )
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ms = d.pop("ms")

        name = d.pop("name")

        ready = d.pop("ready")

        detail = d.pop("detail", UNSET)

        service_readiness = cls(
            ms=ms,
            name=name,
            ready=ready,
            detail=detail,
        )

        service_readiness.additional_properties = d
        return service_readiness

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
