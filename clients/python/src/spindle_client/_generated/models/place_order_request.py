from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money
    from ..models.payment_method import PaymentMethod
    from ..models.requested_address import RequestedAddress
    from ..models.requested_item import RequestedItem


T = TypeVar("T", bound="PlaceOrderRequest")


@_attrs_define
class PlaceOrderRequest:
    """An order to place, with exactly one of `shipping_address` and `shipping_address_id`."""

    items: list[RequestedItem]
    """ The products to order, each once. """
    payment_method: PaymentMethod
    """ A means of payment. """
    expected_total: Money | None | Unset = UNSET
    """ The total that the customer has seen, with discounts and taxes. If it is not the total of now, nothing is
    ordered. Without it, the order has any total. """
    shipping_address: None | RequestedAddress | Unset = UNSET
    """ The recipient and the address. A saved address is accepted as `GET /v1/users/me` shows it. """
    shipping_address_id: None | Unset | UUID = UNSET
    """ The id of a saved address of the caller, which the order keeps as it is now. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money  # noqa: PLC0415
        from ..models.requested_address import RequestedAddress  # noqa: PLC0415

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        payment_method = self.payment_method.to_dict()

        expected_total: dict[str, Any] | None | Unset
        if isinstance(self.expected_total, Unset):
            expected_total = UNSET
        elif isinstance(self.expected_total, Money):
            expected_total = self.expected_total.to_dict()
        else:
            expected_total = self.expected_total

        shipping_address: dict[str, Any] | None | Unset
        if isinstance(self.shipping_address, Unset):
            shipping_address = UNSET
        elif isinstance(self.shipping_address, RequestedAddress):
            shipping_address = self.shipping_address.to_dict()
        else:
            shipping_address = self.shipping_address

        shipping_address_id: None | str | Unset
        if isinstance(self.shipping_address_id, Unset):
            shipping_address_id = UNSET
        elif isinstance(self.shipping_address_id, UUID):
            shipping_address_id = str(self.shipping_address_id)
        else:
            shipping_address_id = self.shipping_address_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "items": items,
                "payment_method": payment_method,
            }
        )
        if expected_total is not UNSET:
            field_dict["expected_total"] = expected_total
        if shipping_address is not UNSET:
            field_dict["shipping_address"] = shipping_address
        if shipping_address_id is not UNSET:
            field_dict["shipping_address_id"] = shipping_address_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.money import Money  # noqa: PLC0415
        from ..models.payment_method import PaymentMethod  # noqa: PLC0415
        from ..models.requested_address import RequestedAddress  # noqa: PLC0415
        from ..models.requested_item import RequestedItem  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = RequestedItem.from_dict(items_item_data)

            items.append(items_item)

        payment_method = PaymentMethod.from_dict(d.pop("payment_method"))

        def _parse_expected_total(data: object) -> Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expected_total_type_0 = Money.from_dict(data)

                return expected_total_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Money | None | Unset, data)

        expected_total = _parse_expected_total(d.pop("expected_total", UNSET))

        def _parse_shipping_address(data: object) -> None | RequestedAddress | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                shipping_address_type_0 = RequestedAddress.from_dict(data)

                return shipping_address_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RequestedAddress | Unset, data)

        shipping_address = _parse_shipping_address(d.pop("shipping_address", UNSET))

        def _parse_shipping_address_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                shipping_address_id_type_0 = UUID(data)

                return shipping_address_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        shipping_address_id = _parse_shipping_address_id(d.pop("shipping_address_id", UNSET))

        place_order_request = cls(
            items=items,
            payment_method=payment_method,
            expected_total=expected_total,
            shipping_address=shipping_address,
            shipping_address_id=shipping_address_id,
        )

        return place_order_request
