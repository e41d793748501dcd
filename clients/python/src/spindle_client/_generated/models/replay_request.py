from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReplayRequest")


@_attrs_define
class ReplayRequest:
    """The letters to replay."""

    service: Literal["notifications"] | Literal["orders"] | Literal["payments"]
    """ The service that has them. """
    type_: None | str | Unset = UNSET
    """ The type of their events; all types without it. """

    def to_dict(self) -> dict[str, Any]:
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"]
        service = self.service

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        else:
            type_ = self.type_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "service": service,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_service(data: object) -> Literal["notifications"] | Literal["orders"] | Literal["payments"]:
            service_type_0 = cast(Literal["notifications"], data)
            if service_type_0 != "notifications":
                raise ValueError(f"service_type_0 must match const 'notifications', got '{service_type_0}'")
            return service_type_0
            service_type_1 = cast(Literal["orders"], data)
            if service_type_1 != "orders":
                raise ValueError(f"service_type_1 must match const 'orders', got '{service_type_1}'")
            return service_type_1
            service_type_2 = cast(Literal["payments"], data)
            if service_type_2 != "payments":
                raise ValueError(f"service_type_2 must match const 'payments', got '{service_type_2}'")
            return service_type_2

        service = _parse_service(d.pop("service"))

        def _parse_type_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        replay_request = cls(
            service=service,
            type_=type_,
        )

        return replay_request
