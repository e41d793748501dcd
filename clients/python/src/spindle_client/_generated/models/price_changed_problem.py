from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.current_price import CurrentPrice
    from ..models.field_error import FieldError
    from ..models.money import Money


T = TypeVar("T", bound="PriceChangedProblem")


@_attrs_define
class PriceChangedProblem:
    """A price is not the one that the order expects; `total` and `items` have the prices of now."""

    detail: str
    """ What happened this time, for a person. """
    instance: str
    """ The path of the request. """
    request_id: str
    """ The id of the request, which the log has. """
    status: int
    """ The status of the response. """
    title: str
    """ The name of the type, the same in every occurrence. """
    type_: str
    """ The type of the problem, which never changes its meaning. """
    items: list[CurrentPrice]
    """ The items whose price is not the expected one. """
    total: Money
    """ An amount of one currency: 12.99 EUR are 1299. """
    errors: list[FieldError] | Unset = UNSET
    """ Every rule that the request breaks, with the place of each. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        detail = self.detail

        instance = self.instance

        request_id = self.request_id

        status = self.status

        title = self.title

        type_ = self.type_

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        total = self.total.to_dict()

        errors: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item = errors_item_data.to_dict()
                errors.append(errors_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "detail": detail,
                "instance": instance,
                "request_id": request_id,
                "status": status,
                "title": title,
                "type": type_,
                "items": items,
                "total": total,
            }
        )
        if errors is not UNSET:
            field_dict["errors"] = errors

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.current_price import CurrentPrice  # noqa: PLC0415
        from ..models.field_error import FieldError  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415

        d = dict(src_dict)
        detail = d.pop("detail")

        instance = d.pop("instance")

        request_id = d.pop("request_id")

        status = d.pop("status")

        title = d.pop("title")

        type_ = d.pop("type")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = CurrentPrice.from_dict(items_item_data)

            items.append(items_item)

        total = Money.from_dict(d.pop("total"))

        _errors = d.pop("errors", UNSET)
        errors: list[FieldError] | Unset = UNSET
        if _errors is not UNSET:
            errors = []
            for errors_item_data in _errors:
                errors_item = FieldError.from_dict(errors_item_data)

                errors.append(errors_item)

        price_changed_problem = cls(
            detail=detail,
            instance=instance,
            request_id=request_id,
            status=status,
            title=title,
            type_=type_,
            items=items,
            total=total,
            errors=errors,
        )

        price_changed_problem.additional_properties = d
        return price_changed_problem

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
