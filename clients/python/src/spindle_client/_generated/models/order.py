from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cancel_reason import CancelReason
from ..models.order_status import OrderStatus

if TYPE_CHECKING:
    from ..models.decline import Decline
    from ..models.money import Money
    from ..models.order_adjustment import OrderAdjustment
    from ..models.order_item import OrderItem
    from ..models.shipping_address import ShippingAddress


T = TypeVar("T", bound="Order")


@_attrs_define
class Order:
    """An order. Names and prices are those of the moment at which it was placed."""

    adjustments: list[OrderAdjustment]
    """ The discounts and taxes. """
    cancel_reason: CancelReason | None
    """ The reason for which the order was cancelled; `null` unless it is. """
    created_at: datetime.datetime
    """ The time at which the order was placed. """
    decline: Decline | None
    """ Why the payment was declined, the same as on the payment; `null` unless it was. """
    id: UUID
    """ The id. """
    items: list[OrderItem]
    """ The items, in the order of the request. """
    number: str
    """ The number for people, such as `7KQ2-9M4T`. """
    shipping_address: ShippingAddress
    """ The recipient of an order and the address. If the customer was erased, and the order need not be kept, all
    but the country is empty. """
    status: OrderStatus
    """ The status of an order.

    - `pending_payment`: The stock is reserved, and the payment is not authorised yet.
    - `paid`: The payment is authorised, and the stock is sold. It can be shipped once the payment is captured.
    - `fulfilled`: It was shipped.
    - `cancelled`: It was cancelled: its stock is released, and its payment voided or refunded. """
    total: Money
    """ An amount of one currency: 12.99 EUR are 1299. """
    updated_at: datetime.datetime
    """ The time of the last change. """
    user_id: UUID
    """ The id of the customer. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.decline import Decline  # noqa: PLC0415

        adjustments = []
        for adjustments_item_data in self.adjustments:
            adjustments_item = adjustments_item_data.to_dict()
            adjustments.append(adjustments_item)

        cancel_reason: None | str
        if isinstance(self.cancel_reason, CancelReason):
            cancel_reason = self.cancel_reason.value
        else:
            cancel_reason = self.cancel_reason

        created_at = self.created_at.isoformat()

        decline: dict[str, Any] | None
        if isinstance(self.decline, Decline):
            decline = self.decline.to_dict()
        else:
            decline = self.decline

        id = str(self.id)

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        number = self.number

        shipping_address = self.shipping_address.to_dict()

        status = self.status.value

        total = self.total.to_dict()

        updated_at = self.updated_at.isoformat()

        user_id = str(self.user_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "adjustments": adjustments,
                "cancel_reason": cancel_reason,
                "created_at": created_at,
                "decline": decline,
                "id": id,
                "items": items,
                "number": number,
                "shipping_address": shipping_address,
                "status": status,
                "total": total,
                "updated_at": updated_at,
                "user_id": user_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.decline import Decline  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415
        from ..models.order_adjustment import OrderAdjustment  # noqa: PLC0415
        from ..models.order_item import OrderItem  # noqa: PLC0415
        from ..models.shipping_address import ShippingAddress  # noqa: PLC0415

        d = dict(src_dict)
        adjustments = []
        _adjustments = d.pop("adjustments")
        for adjustments_item_data in _adjustments:
            adjustments_item = OrderAdjustment.from_dict(adjustments_item_data)

            adjustments.append(adjustments_item)

        def _parse_cancel_reason(data: object) -> CancelReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cancel_reason_type_0 = CancelReason(data)

                return cancel_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CancelReason | None, data)

        cancel_reason = _parse_cancel_reason(d.pop("cancel_reason"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_decline(data: object) -> Decline | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                decline_type_0 = Decline.from_dict(data)

                return decline_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Decline | None, data)

        decline = _parse_decline(d.pop("decline"))

        id = UUID(d.pop("id"))

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = OrderItem.from_dict(items_item_data)

            items.append(items_item)

        number = d.pop("number")

        shipping_address = ShippingAddress.from_dict(d.pop("shipping_address"))

        status = OrderStatus(d.pop("status"))

        total = Money.from_dict(d.pop("total"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        user_id = UUID(d.pop("user_id"))

        order = cls(
            adjustments=adjustments,
            cancel_reason=cancel_reason,
            created_at=created_at,
            decline=decline,
            id=id,
            items=items,
            number=number,
            shipping_address=shipping_address,
            status=status,
            total=total,
            updated_at=updated_at,
            user_id=user_id,
        )

        order.additional_properties = d
        return order

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
