from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.adjustment_kind import AdjustmentKind

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="OrderAdjustment")


@_attrs_define
class OrderAdjustment:
    """A discount on an order, or a tax."""

    amount: Money
    """ An amount of one currency: 12.99 EUR are 1299. """
    kind: AdjustmentKind
    """ The kind of an adjustment.

    - `discount`: A discount: the amount is negative.
    - `tax`: A tax on top of the price: the amount is positive. """
    label: str
    """ The label that people see. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount.to_dict()

        kind = self.kind.value

        label = self.label

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amount": amount,
                "kind": kind,
                "label": label,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        amount = Money.from_dict(d.pop("amount"))

        kind = AdjustmentKind(d.pop("kind"))

        label = d.pop("label")

        order_adjustment = cls(
            amount=amount,
            kind=kind,
            label=label,
        )

        order_adjustment.additional_properties = d
        return order_adjustment

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
