from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PricePatch")


@_attrs_define
class PricePatch:
    """A merge patch of a price."""

    amount: int | Unset = UNSET
    """ The amount in minor units of the currency. """
    currency: str | Unset = UNSET
    """ The code of the currency (ISO 4217). """

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        currency = self.currency

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if amount is not UNSET:
            field_dict["amount"] = amount
        if currency is not UNSET:
            field_dict["currency"] = currency

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount", UNSET)

        currency = d.pop("currency", UNSET)

        price_patch = cls(
            amount=amount,
            currency=currency,
        )

        return price_patch
