from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.product_status import ProductStatus

if TYPE_CHECKING:
    from ..models.availability import Availability
    from ..models.money import Money
    from ..models.product_attributes import ProductAttributes


T = TypeVar("T", bound="Product")


@_attrs_define
class Product:
    """A product."""

    attributes: ProductAttributes
    """ The attributes: strings, numbers and booleans by their names. """
    category: str
    """ The slug of the category. """
    created_at: datetime.datetime
    """ The time at which the product was created. """
    description: str
    """ The description, which may have several lines; empty if there is none. """
    id: UUID
    """ The id. """
    name: str
    """ The name. """
    price: Money
    """ An amount of one currency: 12.99 EUR are 1299. """
    sku: str
    """ The SKU. No two products have the same without regard to case, archived ones included. """
    status: ProductStatus
    """ The sales status of a product.

    - `active`: For sale.
    - `archived`: No longer for sale: in no list and no search, but readable by its id. """
    stock: Availability
    """ The stock of a product, as everyone sees it. """
    updated_at: datetime.datetime
    """ The time of the last change of a field other than the stock. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attributes = self.attributes.to_dict()

        category = self.category

        created_at = self.created_at.isoformat()

        description = self.description

        id = str(self.id)

        name = self.name

        price = self.price.to_dict()

        sku = self.sku

        status = self.status.value

        stock = self.stock.to_dict()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attributes": attributes,
                "category": category,
                "created_at": created_at,
                "description": description,
                "id": id,
                "name": name,
                "price": price,
                "sku": sku,
                "status": status,
                "stock": stock,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.availability import Availability  # noqa: PLC0415
        from ..models.money import Money  # noqa: PLC0415
        from ..models.product_attributes import ProductAttributes  # noqa: PLC0415

        d = dict(src_dict)
        attributes = ProductAttributes.from_dict(d.pop("attributes"))

        category = d.pop("category")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        description = d.pop("description")

        id = UUID(d.pop("id"))

        name = d.pop("name")

        price = Money.from_dict(d.pop("price"))

        sku = d.pop("sku")

        status = ProductStatus(d.pop("status"))

        stock = Availability.from_dict(d.pop("stock"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        product = cls(
            attributes=attributes,
            category=category,
            created_at=created_at,
            description=description,
            id=id,
            name=name,
            price=price,
            sku=sku,
            status=status,
            stock=stock,
            updated_at=updated_at,
        )

        product.additional_properties = d
        return product

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
