from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="RequestedItem")


@_attrs_define
class RequestedItem:
    """A product to order, and its quantity."""

    product_id: UUID
    """ The product. """
    quantity: int
    """ The number of pieces. """
    expected_unit_price: Money | None | Unset = UNSET
    """ The price of one piece that the customer has seen. If it is not the price of now, nothing is ordered.
    Without it, the item has any price. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money  # noqa: PLC0415

        product_id = str(self.product_id)

        quantity = self.quantity

        expected_unit_price: dict[str, Any] | None | Unset
        if isinstance(self.expected_unit_price, Unset):
            expected_unit_price = UNSET
        elif isinstance(self.expected_unit_price, Money):
            expected_unit_price = self.expected_unit_price.to_dict()
        else:
            expected_unit_price = self.expected_unit_price

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "product_id": product_id,
                "quantity": quantity,
            }
        )
        if expected_unit_price is not UNSET:
            field_dict["expected_unit_price"] = expected_unit_price

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        product_id = UUID(d.pop("product_id"))

        quantity = d.pop("quantity")

        def _parse_expected_unit_price(data: object) -> Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expected_unit_price_type_0 = Money.from_dict(data)

                return expected_unit_price_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Money | None | Unset, data)

        expected_unit_price = _parse_expected_unit_price(d.pop("expected_unit_price", UNSET))

        requested_item = cls(
            product_id=product_id,
            quantity=quantity,
            expected_unit_price=expected_unit_price,
        )

        return requested_item
