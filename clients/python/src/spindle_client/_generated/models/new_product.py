from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.product_status import ProductStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_product_attributes import NewProductAttributes
    from ..models.price import Price
    from ..models.stock_level import StockLevel


T = TypeVar("T", bound="NewProduct")


@_attrs_define
class NewProduct:
    """A product to be created."""

    category: str
    """ The slug of the category, which need not exist before. """
    name: str
    """ The name. """
    price: Price
    """ The price of a product. """
    sku: str
    """ The SKU, which no other product may have without regard to case. """
    attributes: NewProductAttributes | Unset = UNSET
    """ The attributes: strings, numbers and booleans by their names. """
    description: str | Unset = UNSET
    """ The description, which may have several lines; empty without it. """
    status: ProductStatus | Unset = UNSET
    """ The sales status of a product.

    - `active`: For sale.
    - `archived`: No longer for sale: in no list and no search, but readable by its id. """
    stock: StockLevel | Unset = UNSET
    """ A count of the units of a product. """

    def to_dict(self) -> dict[str, Any]:
        category = self.category

        name = self.name

        price = self.price.to_dict()

        sku = self.sku

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        description = self.description

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        stock: dict[str, Any] | Unset = UNSET
        if not isinstance(self.stock, Unset):
            stock = self.stock.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "category": category,
                "name": name,
                "price": price,
                "sku": sku,
            }
        )
        if attributes is not UNSET:
            field_dict["attributes"] = attributes
        if description is not UNSET:
            field_dict["description"] = description
        if status is not UNSET:
            field_dict["status"] = status
        if stock is not UNSET:
            field_dict["stock"] = stock

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_product_attributes import NewProductAttributes  # noqa: PLC0415
        from ..models.price import Price  # noqa: PLC0415
        from ..models.stock_level import StockLevel  # noqa: PLC0415

        d = dict(src_dict)
        category = d.pop("category")

        name = d.pop("name")

        price = Price.from_dict(d.pop("price"))

        sku = d.pop("sku")

        _attributes = d.pop("attributes", UNSET)
        attributes: NewProductAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = NewProductAttributes.from_dict(_attributes)

        description = d.pop("description", UNSET)

        _status = d.pop("status", UNSET)
        status: ProductStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = ProductStatus(_status)

        _stock = d.pop("stock", UNSET)
        stock: StockLevel | Unset
        if isinstance(_stock, Unset):
            stock = UNSET
        else:
            stock = StockLevel.from_dict(_stock)

        new_product = cls(
            category=category,
            name=name,
            price=price,
            sku=sku,
            attributes=attributes,
            description=description,
            status=status,
            stock=stock,
        )

        return new_product
