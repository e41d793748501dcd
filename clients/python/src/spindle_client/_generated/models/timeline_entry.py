from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.timeline_entry_kind import TimelineEntryKind

T = TypeVar("T", bound="TimelineEntry")


@_attrs_define
class TimelineEntry:
    """An event in the history of an order."""

    at: datetime.datetime
    """ The time. """
    detail: str
    """ A sentence for people. """
    kind: TimelineEntryKind
    """ The kind of an event in the history of an order.

    - `placed`: The order was placed, and its stock is reserved.
    - `payment_requested`: The payment was requested.
    - `payment_authorized`: The payment was authorised.
    - `payment_declined`: The payment or its capture was declined.
    - `payment_captured`: The payment was captured.
    - `payment_voided`: The authorisation was voided.
    - `payment_refunded`: The payment was refunded.
    - `paid`: The payment is authorised, and the stock is sold.
    - `fulfilled`: The order was shipped.
    - `refund_requested`: An operator requested a refund before the order was shipped.
    - `cancelled`: The order was cancelled.
    - `stock_released`: The stock of the cancelled order was released.
    - `erased`: The customer was erased: name, address and reasons are removed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        detail = self.detail

        kind = self.kind.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "detail": detail,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        detail = d.pop("detail")

        kind = TimelineEntryKind(d.pop("kind"))

        timeline_entry = cls(
            at=at,
            detail=detail,
            kind=kind,
        )

        timeline_entry.additional_properties = d
        return timeline_entry

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
