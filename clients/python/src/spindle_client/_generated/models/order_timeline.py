from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.order_status import OrderStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.awaiting import Awaiting
    from ..models.timeline_entry import TimelineEntry


T = TypeVar("T", bound="OrderTimeline")


@_attrs_define
class OrderTimeline:
    """The history of an order, and the event that it waits for."""

    awaiting: Awaiting | None
    """ The event that the order waits for; `null` if it waits for none. """
    items: list[TimelineEntry]
    """ The events so far, the oldest first. """
    order_id: UUID
    """ The order. """
    status: OrderStatus
    """ The status of an order.

    - `pending_payment`: The stock is reserved, and the payment is not authorised yet.
    - `paid`: The payment is authorised, and the stock is sold. It can be shipped once the payment is captured.
    - `fulfilled`: It was shipped.
    - `cancelled`: It was cancelled: its stock is released, and its payment voided or refunded. """
    request_id: str | Unset = UNSET
    """ The id of the request that placed the order, as in its `X-Request-Id`: the log lines of all services about
    it have this id. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.awaiting import Awaiting  # noqa: PLC0415

        awaiting: dict[str, Any] | None
        if isinstance(self.awaiting, Awaiting):
            awaiting = self.awaiting.to_dict()
        else:
            awaiting = self.awaiting

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        order_id = str(self.order_id)

        status = self.status.value

        request_id = self.request_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "awaiting": awaiting,
                "items": items,
                "order_id": order_id,
                "status": status,
            }
        )
        if request_id is not UNSET:
            field_dict["request_id"] = request_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.awaiting import Awaiting  # noqa: PLC0415
        from ..models.timeline_entry import TimelineEntry  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_awaiting(data: object) -> Awaiting | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                awaiting_type_0 = Awaiting.from_dict(data)

                return awaiting_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Awaiting | None, data)

        awaiting = _parse_awaiting(d.pop("awaiting"))

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = TimelineEntry.from_dict(items_item_data)

            items.append(items_item)

        order_id = UUID(d.pop("order_id"))

        status = OrderStatus(d.pop("status"))

        request_id = d.pop("request_id", UNSET)

        order_timeline = cls(
            awaiting=awaiting,
            items=items,
            order_id=order_id,
            status=status,
            request_id=request_id,
        )

        order_timeline.additional_properties = d
        return order_timeline

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
