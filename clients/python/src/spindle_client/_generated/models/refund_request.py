from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RefundRequest")


@_attrs_define
class RefundRequest:
    """A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead of refunding
    all.

    """

    shipped: bool | Unset = False
    """ Whether the order was shipped. Without it the order is cancelled, and one that was shipped is not refunded.
    """

    def to_dict(self) -> dict[str, Any]:
        shipped = self.shipped

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if shipped is not UNSET:
            field_dict["shipped"] = shipped

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        shipped = d.pop("shipped", UNSET)

        refund_request = cls(
            shipped=shipped,
        )

        return refund_request
