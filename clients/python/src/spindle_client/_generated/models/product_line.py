from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.product_status import ProductStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.price_patch import PricePatch
    from ..models.product_line_attributes_type_0 import ProductLineAttributesType0
    from ..models.stock_level import StockLevel


T = TypeVar("T", bound="ProductLine")


@_attrs_define
class ProductLine:
    """A line of an import: a merge patch (RFC 7396) of the product with its SKU. If no product has it, the line creates
    one, and requires `name`, `price` and `category`.

    """

    sku: str
    """ The SKU of the product, found without regard to case. """
    attributes: None | ProductLineAttributesType0 | Unset = UNSET
    """ The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all. """
    category: str | Unset = UNSET
    """ The slug of the category. """
    description: None | str | Unset = UNSET
    """ The description; `null` clears it. """
    name: str | Unset = UNSET
    """ The name. """
    price: PricePatch | Unset = UNSET
    """ A merge patch of a price. """
    status: ProductStatus | Unset = UNSET
    """ The sales status of a product.

    - `active`: For sale.
    - `archived`: No longer for sale: in no list and no search, but readable by its id. """
    stock: StockLevel | Unset = UNSET
    """ A count of the units of a product. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.product_line_attributes_type_0 import ProductLineAttributesType0  # noqa: PLC0415

        sku = self.sku

        attributes: dict[str, Any] | None | Unset
        if isinstance(self.attributes, Unset):
            attributes = UNSET
        elif isinstance(self.attributes, ProductLineAttributesType0):
            attributes = self.attributes.to_dict()
        else:
            attributes = self.attributes

        category = self.category

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        name = self.name

        price: dict[str, Any] | Unset = UNSET
        if not isinstance(self.price, Unset):
            price = self.price.to_dict()

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        stock: dict[str, Any] | Unset = UNSET
        if not isinstance(self.stock, Unset):
            stock = self.stock.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sku": sku,
            }
        )
        if attributes is not UNSET:
            field_dict["attributes"] = attributes
        if category is not UNSET:
            field_dict["category"] = category
        if description is not UNSET:
            field_dict["description"] = description
        if name is not UNSET:
            field_dict["name"] = name
        if price is not UNSET:
            field_dict["price"] = price
        if status is not UNSET:
            field_dict["status"] = status
        if stock is not UNSET:
            field_dict["stock"] = stock

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.price_patch import PricePatch  # noqa: PLC0415
        from ..models.product_line_attributes_type_0 import ProductLineAttributesType0  # noqa: PLC0415
        from ..models.stock_level import StockLevel  # noqa: PLC0415

        d = dict(src_dict)
        sku = d.pop("sku")

        def _parse_attributes(data: object) -> None | ProductLineAttributesType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                attributes_type_0 = ProductLineAttributesType0.from_dict(data)

                return attributes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProductLineAttributesType0 | Unset, data)

        attributes = _parse_attributes(d.pop("attributes", UNSET))

        category = d.pop("category", UNSET)

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        name = d.pop("name", UNSET)

        _price = d.pop("price", UNSET)
        price: PricePatch | Unset
        if isinstance(_price, Unset):
            price = UNSET
        else:
            price = PricePatch.from_dict(_price)

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

        product_line = cls(
            sku=sku,
            attributes=attributes,
            category=category,
            description=description,
            name=name,
            price=price,
            status=status,
            stock=stock,
        )

        return product_line
