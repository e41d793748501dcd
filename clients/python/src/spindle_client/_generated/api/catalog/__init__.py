from typing import Any, Literal, cast
from uuid import UUID

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.categories import Categories
from ...models.import_report import ImportReport
from ...models.new_product import NewProduct
from ...models.product import Product
from ...models.product_page import ProductPage
from ...models.product_patch import ProductPatch
from ...models.product_status import ProductStatus
from ...models.stock import Stock
from ...models.stock_level import StockLevel
from ...types import UNSET, Unset
from . import archive_product as _archive_product
from . import change_product as _change_product
from . import create_product as _create_product
from . import get_product as _get_product
from . import get_product_stock as _get_product_stock
from . import import_products as _import_products
from . import list_categories as _list_categories
from . import list_products as _list_products
from . import set_product_stock as _set_product_stock


class Catalog:
    """The operations of `catalog`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list_categories(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Categories:
        """List categories.

        Lists all categories with active products, on one page.

        Args:
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.list_categories_response(
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def list_categories_response(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Categories]:
        """Does what `list_categories` does, and returns the headers of the response as well."""

        request = _list_categories.request(
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _list_categories.parse, secured=False)
        return self._caller(call)

    def list_products(
        self,
        *,
        category: str | Unset = UNSET,
        currency: str | Unset = UNSET,
        cursor: str | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        limit: int | Unset = UNSET,
        max_price: int | Unset = UNSET,
        min_price: int | Unset = UNSET,
        q: str | Unset = UNSET,
        sku: str | Unset = UNSET,
        sort: Literal["-price"]
        | Literal["name"]
        | Literal["newest"]
        | Literal["price"]
        | Literal["relevance"]
        | Unset = UNSET,
        status: ProductStatus | Unset = UNSET,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> ProductPage:
        """List products.

        Lists the products for sale: filtered, searched, sorted, in pages. The list may come from a cache that is a
        few seconds old, but for `status=archived`, which is not stored.

        Args:
            category: Only products of the category with this slug. A slug that is no category is a 400.
            currency: Only products with prices in this currency. Required with `min_price`, `max_price` and a `sort` by
                price: the minor units of two currencies do not compare.
            cursor: The `next_cursor` of the page before.
            in_stock: `true`: only products with available units; `false`: only those without.
            limit: The number of items on the page; 20 without it.
            max_price: Only products of this price or less, in minor units of `currency`, which is required with it.
            min_price: Only products of this price or more, in minor units of `currency`, which is required with it.
            q: Only products with these words in name, SKU, description or category. The last word may be the beginning
                of one; words in double quotes are a phrase.
            sku: Only the product with this SKU, without regard to case. Not together with `q`.
            sort: The order; `relevance` without it if there is a `q`, else `newest`. Products that are equal in it are
                ordered by their creation.
            status: The sales status of a product.

                - `active`: For sale.
                - `archived`: No longer for sale: in no list and no search, but readable by its id.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.list_products_response(
            category=category,
            currency=currency,
            cursor=cursor,
            in_stock=in_stock,
            limit=limit,
            max_price=max_price,
            min_price=min_price,
            q=q,
            sku=sku,
            sort=sort,
            status=status,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def list_products_response(
        self,
        *,
        category: str | Unset = UNSET,
        currency: str | Unset = UNSET,
        cursor: str | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        limit: int | Unset = UNSET,
        max_price: int | Unset = UNSET,
        min_price: int | Unset = UNSET,
        q: str | Unset = UNSET,
        sku: str | Unset = UNSET,
        sort: Literal["-price"]
        | Literal["name"]
        | Literal["newest"]
        | Literal["price"]
        | Literal["relevance"]
        | Unset = UNSET,
        status: ProductStatus | Unset = UNSET,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[ProductPage]:
        """Does what `list_products` does, and returns the headers of the response as well."""

        request = _list_products.request(
            category=category,
            currency=currency,
            cursor=cursor,
            in_stock=in_stock,
            limit=limit,
            max_price=max_price,
            min_price=min_price,
            q=q,
            sku=sku,
            sort=sort,
            status=status,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _list_products.parse, secured=True)
        return self._caller(call)

    def create_product(
        self,
        body: NewProduct,
    ) -> Product:
        """Create a product.

        The product is active, and in the list at once.

        Args:
            body: A product to be created.
        """

        return self.create_product_response(
            body,
        ).data

    def create_product_response(
        self,
        body: NewProduct,
    ) -> Response[Product]:
        """Does what `create_product` does, and returns the headers of the response as well."""

        request = _create_product.request(
            body,
        )
        call = Call(request, _create_product.parse, secured=True)
        return self._caller(call)

    def import_products(
        self,
        body: bytes,
    ) -> ImportReport:
        """Import products.

        Creates and changes many products: a JSON object a line, at most 10,000 lines of at most 64 KiB. A line
        changes the product with its SKU, as `PATCH` does; a field that it does not name stays. If no product has the
        SKU, it creates one. A line that fails changes nothing; the others are written. If the request ends early, the
        problem has the result until then in `imported`, and all lines can be sent again.
        """

        return self.import_products_response(
            body,
        ).data

    def import_products_response(
        self,
        body: bytes,
    ) -> Response[ImportReport]:
        """Does what `import_products` does, and returns the headers of the response as well."""

        request = _import_products.request(
            body,
        )
        call = Call(request, _import_products.parse, secured=True)
        return self._caller(call)

    def get_product(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Product:
        """Get a product.

        Returns a product, archived or not: old orders refer to archived ones.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_product_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_product_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Product]:
        """Does what `get_product` does, and returns the headers of the response as well."""

        request = _get_product.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_product.parse, secured=False)
        return self._caller(call)

    def archive_product(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> None:
        """Archive a product.

        Archives a product: it is in no list and not for sale, can be read by its id, and keeps its SKU. `PATCH` with
        `"status": "active"` restores it.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
        """

        return self.archive_product_response(
            id,
            if_match=if_match,
        ).data

    def archive_product_response(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> Response[None]:
        """Does what `archive_product` does, and returns the headers of the response as well."""

        request = _archive_product.request(
            id,
            if_match=if_match,
        )
        call = Call(request, _archive_product.parse, secured=True)
        return self._caller(call)

    def change_product(
        self,
        id: UUID,
        body: ProductPatch,
        *,
        if_match: str,
    ) -> Product:
        """Change a product.

        Changes the fields in the body, a merge patch (RFC 7396). `If-Match` compares the edits of the product: a sale
        or a count since then does not matter, although it changes the `ETag`.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
            body: A change of a product, as a merge patch (RFC 7396): an absent field stays. `null` clears a field that
                may be empty, and is refused for any other.
        """

        return self.change_product_response(
            id,
            body,
            if_match=if_match,
        ).data

    def change_product_response(
        self,
        id: UUID,
        body: ProductPatch,
        *,
        if_match: str,
    ) -> Response[Product]:
        """Does what `change_product` does, and returns the headers of the response as well."""

        request = _change_product.request(
            id,
            body,
            if_match=if_match,
        )
        call = Call(request, _change_product.parse, secured=True)
        return self._caller(call)

    def get_product_stock(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Stock:
        """Get the stock of a product.

        Returns all numbers of the stock. Everyone sees `available` in the product.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_product_stock_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_product_stock_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Stock]:
        """Does what `get_product_stock` does, and returns the headers of the response as well."""

        request = _get_product_stock.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_product_stock.parse, secured=True)
        return self._caller(call)

    def set_product_stock(
        self,
        id: UUID,
        body: StockLevel,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Stock:
        """Count the stock of a product.

        Sets the units on the shelf, those that are sold and not shipped yet among them. What belongs to orders stays
        theirs. `If-Match` may have the tag of the stock or of the product.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
            body: A count of the units of a product.
        """

        return self.set_product_stock_response(
            id,
            body,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def set_product_stock_response(
        self,
        id: UUID,
        body: StockLevel,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Stock]:
        """Does what `set_product_stock` does, and returns the headers of the response as well."""

        request = _set_product_stock.request(
            id,
            body,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _set_product_stock.parse, secured=True)
        return self._caller(call)


class AsyncCatalog:
    """The operations of `catalog`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list_categories(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Categories:
        """List categories.

        Lists all categories with active products, on one page.

        Args:
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.list_categories_response(
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def list_categories_response(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Categories]:
        """Does what `list_categories` does, and returns the headers of the response as well."""

        request = _list_categories.request(
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _list_categories.parse, secured=False)
        return await self._caller(call)

    async def list_products(
        self,
        *,
        category: str | Unset = UNSET,
        currency: str | Unset = UNSET,
        cursor: str | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        limit: int | Unset = UNSET,
        max_price: int | Unset = UNSET,
        min_price: int | Unset = UNSET,
        q: str | Unset = UNSET,
        sku: str | Unset = UNSET,
        sort: Literal["-price"]
        | Literal["name"]
        | Literal["newest"]
        | Literal["price"]
        | Literal["relevance"]
        | Unset = UNSET,
        status: ProductStatus | Unset = UNSET,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> ProductPage:
        """List products.

        Lists the products for sale: filtered, searched, sorted, in pages. The list may come from a cache that is a
        few seconds old, but for `status=archived`, which is not stored.

        Args:
            category: Only products of the category with this slug. A slug that is no category is a 400.
            currency: Only products with prices in this currency. Required with `min_price`, `max_price` and a `sort` by
                price: the minor units of two currencies do not compare.
            cursor: The `next_cursor` of the page before.
            in_stock: `true`: only products with available units; `false`: only those without.
            limit: The number of items on the page; 20 without it.
            max_price: Only products of this price or less, in minor units of `currency`, which is required with it.
            min_price: Only products of this price or more, in minor units of `currency`, which is required with it.
            q: Only products with these words in name, SKU, description or category. The last word may be the beginning
                of one; words in double quotes are a phrase.
            sku: Only the product with this SKU, without regard to case. Not together with `q`.
            sort: The order; `relevance` without it if there is a `q`, else `newest`. Products that are equal in it are
                ordered by their creation.
            status: The sales status of a product.

                - `active`: For sale.
                - `archived`: No longer for sale: in no list and no search, but readable by its id.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.list_products_response(
                category=category,
                currency=currency,
                cursor=cursor,
                in_stock=in_stock,
                limit=limit,
                max_price=max_price,
                min_price=min_price,
                q=q,
                sku=sku,
                sort=sort,
                status=status,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def list_products_response(
        self,
        *,
        category: str | Unset = UNSET,
        currency: str | Unset = UNSET,
        cursor: str | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        limit: int | Unset = UNSET,
        max_price: int | Unset = UNSET,
        min_price: int | Unset = UNSET,
        q: str | Unset = UNSET,
        sku: str | Unset = UNSET,
        sort: Literal["-price"]
        | Literal["name"]
        | Literal["newest"]
        | Literal["price"]
        | Literal["relevance"]
        | Unset = UNSET,
        status: ProductStatus | Unset = UNSET,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[ProductPage]:
        """Does what `list_products` does, and returns the headers of the response as well."""

        request = _list_products.request(
            category=category,
            currency=currency,
            cursor=cursor,
            in_stock=in_stock,
            limit=limit,
            max_price=max_price,
            min_price=min_price,
            q=q,
            sku=sku,
            sort=sort,
            status=status,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _list_products.parse, secured=True)
        return await self._caller(call)

    async def create_product(
        self,
        body: NewProduct,
    ) -> Product:
        """Create a product.

        The product is active, and in the list at once.

        Args:
            body: A product to be created.
        """

        return (
            await self.create_product_response(
                body,
            )
        ).data

    async def create_product_response(
        self,
        body: NewProduct,
    ) -> Response[Product]:
        """Does what `create_product` does, and returns the headers of the response as well."""

        request = _create_product.request(
            body,
        )
        call = Call(request, _create_product.parse, secured=True)
        return await self._caller(call)

    async def import_products(
        self,
        body: bytes,
    ) -> ImportReport:
        """Import products.

        Creates and changes many products: a JSON object a line, at most 10,000 lines of at most 64 KiB. A line
        changes the product with its SKU, as `PATCH` does; a field that it does not name stays. If no product has the
        SKU, it creates one. A line that fails changes nothing; the others are written. If the request ends early, the
        problem has the result until then in `imported`, and all lines can be sent again.
        """

        return (
            await self.import_products_response(
                body,
            )
        ).data

    async def import_products_response(
        self,
        body: bytes,
    ) -> Response[ImportReport]:
        """Does what `import_products` does, and returns the headers of the response as well."""

        request = _import_products.request(
            body,
        )
        call = Call(request, _import_products.parse, secured=True)
        return await self._caller(call)

    async def get_product(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Product:
        """Get a product.

        Returns a product, archived or not: old orders refer to archived ones.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_product_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_product_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Product]:
        """Does what `get_product` does, and returns the headers of the response as well."""

        request = _get_product.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_product.parse, secured=False)
        return await self._caller(call)

    async def archive_product(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> None:
        """Archive a product.

        Archives a product: it is in no list and not for sale, can be read by its id, and keeps its SKU. `PATCH` with
        `"status": "active"` restores it.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
        """

        return (
            await self.archive_product_response(
                id,
                if_match=if_match,
            )
        ).data

    async def archive_product_response(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> Response[None]:
        """Does what `archive_product` does, and returns the headers of the response as well."""

        request = _archive_product.request(
            id,
            if_match=if_match,
        )
        call = Call(request, _archive_product.parse, secured=True)
        return await self._caller(call)

    async def change_product(
        self,
        id: UUID,
        body: ProductPatch,
        *,
        if_match: str,
    ) -> Product:
        """Change a product.

        Changes the fields in the body, a merge patch (RFC 7396). `If-Match` compares the edits of the product: a sale
        or a count since then does not matter, although it changes the `ETag`.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
            body: A change of a product, as a merge patch (RFC 7396): an absent field stays. `null` clears a field that
                may be empty, and is refused for any other.
        """

        return (
            await self.change_product_response(
                id,
                body,
                if_match=if_match,
            )
        ).data

    async def change_product_response(
        self,
        id: UUID,
        body: ProductPatch,
        *,
        if_match: str,
    ) -> Response[Product]:
        """Does what `change_product` does, and returns the headers of the response as well."""

        request = _change_product.request(
            id,
            body,
            if_match=if_match,
        )
        call = Call(request, _change_product.parse, secured=True)
        return await self._caller(call)

    async def get_product_stock(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Stock:
        """Get the stock of a product.

        Returns all numbers of the stock. Everyone sees `available` in the product.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_product_stock_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_product_stock_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Stock]:
        """Does what `get_product_stock` does, and returns the headers of the response as well."""

        request = _get_product_stock.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_product_stock.parse, secured=True)
        return await self._caller(call)

    async def set_product_stock(
        self,
        id: UUID,
        body: StockLevel,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Stock:
        """Count the stock of a product.

        Sets the units on the shelf, those that are sold and not shipped yet among them. What belongs to orders stays
        theirs. `If-Match` may have the tag of the stock or of the product.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
            body: A count of the units of a product.
        """

        return (
            await self.set_product_stock_response(
                id,
                body,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def set_product_stock_response(
        self,
        id: UUID,
        body: StockLevel,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Stock]:
        """Does what `set_product_stock` does, and returns the headers of the response as well."""

        request = _set_product_stock.request(
            id,
            body,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _set_product_stock.parse, secured=True)
        return await self._caller(call)
