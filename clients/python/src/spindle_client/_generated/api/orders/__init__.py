import datetime
from typing import Any, Literal, cast
from uuid import UUID

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.order import Order
from ...models.order_page import OrderPage
from ...models.order_status import OrderStatus
from ...models.order_timeline import OrderTimeline
from ...models.place_order_request import PlaceOrderRequest
from ...types import UNSET, Unset
from . import cancel_order as _cancel_order
from . import fulfil_order as _fulfil_order
from . import get_order as _get_order
from . import get_order_timeline as _get_order_timeline
from . import list_orders as _list_orders
from . import place_order as _place_order


class Orders:
    """The operations of `orders`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list_orders(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        number: str | Unset = UNSET,
        sort: Literal["-created_at"] | Literal["created_at"] | Unset = UNSET,
        status: OrderStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> OrderPage:
        """List orders.

        A customer gets their own orders, an operator those of all customers.

        Args:
            created_after: Only orders that were placed after this time (RFC 3339), and not at it.
            created_before: Only orders that were placed before this time (RFC 3339), and not at it.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            number: Only the order with this number, such as `7KQ2-9M4T`.
            sort: The order of the list.
            status: The status of an order.

                - `pending_payment`: The stock is reserved, and the payment is not authorised yet.
                - `paid`: The payment is authorised, and the stock is sold. It can be shipped once the payment is
                captured.
                - `fulfilled`: It was shipped.
                - `cancelled`: It was cancelled: its stock is released, and its payment voided or refunded.
            user_id: Only orders of this customer. Without it, a customer gets their own, and an operator those of all
                customers.
        """

        return self.list_orders_response(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            number=number,
            sort=sort,
            status=status,
            user_id=user_id,
        ).data

    def list_orders_response(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        number: str | Unset = UNSET,
        sort: Literal["-created_at"] | Literal["created_at"] | Unset = UNSET,
        status: OrderStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> Response[OrderPage]:
        """Does what `list_orders` does, and returns the headers of the response as well."""

        request = _list_orders.request(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            number=number,
            sort=sort,
            status=status,
            user_id=user_id,
        )
        call = Call(request, _list_orders.parse, secured=True)
        return self._caller(call)

    def place_order(
        self,
        body: PlaceOrderRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> Order:
        """Place an order.

        Reserves the stock, and requests the payment, which is decided later: read the order, or its timeline, until
        `status` is `paid` or `cancelled`. Prices are those of now; send the ones that the customer has seen as the
        expected ones, and the order is refused if they have changed.

        A refusal with 409 `conflict`, `price-changed` or `too-much-unpaid`, and one of the price adjuster, is stored
        under the key: another try needs another key.

        Args:
            idempotency_key: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-
                header). A repetition with the same key and body within 24 hours gets the stored response.
            body: An order to place, with exactly one of `shipping_address` and `shipping_address_id`.
        """

        return self.place_order_response(
            body,
            idempotency_key=idempotency_key,
        ).data

    def place_order_response(
        self,
        body: PlaceOrderRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `place_order` does, and returns the headers of the response as well."""

        idempotency_key = idempotency_key or _idempotency_key()
        request = _place_order.request(
            body,
            idempotency_key=idempotency_key,
        )
        call = Call(request, _place_order.parse, secured=True)
        return self._caller(call)

    def get_order(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Order:
        """Get an order.

        A customer gets their own orders, an operator those of all customers.

        Args:
            id: The id of the order.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_order_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_order_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `get_order` does, and returns the headers of the response as well."""

        request = _get_order.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_order.parse, secured=True)
        return self._caller(call)

    def cancel_order(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Order:
        """Cancel an order.

        A customer cancels their own orders, an operator any. Releases the stock, and voids or refunds the payment,
        also if that is decided later. An order that is cancelled already stays as it is.

        Args:
            id: The id of the order.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return self.cancel_order_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def cancel_order_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `cancel_order` does, and returns the headers of the response as well."""

        request = _cancel_order.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _cancel_order.parse, secured=True)
        return self._caller(call)

    def fulfil_order(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Order:
        """Mark an order as shipped.

        An order that is fulfilled already stays as it is.

        Args:
            id: The id of the order.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return self.fulfil_order_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def fulfil_order_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `fulfil_order` does, and returns the headers of the response as well."""

        request = _fulfil_order.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _fulfil_order.parse, secured=True)
        return self._caller(call)

    def get_order_timeline(
        self,
        id: UUID,
    ) -> OrderTimeline:
        """Get the timeline of an order.

        The history of an order, the event that it waits for, and until when it waits.

        Args:
            id: The id of the order.
        """

        return self.get_order_timeline_response(
            id,
        ).data

    def get_order_timeline_response(
        self,
        id: UUID,
    ) -> Response[OrderTimeline]:
        """Does what `get_order_timeline` does, and returns the headers of the response as well."""

        request = _get_order_timeline.request(
            id,
        )
        call = Call(request, _get_order_timeline.parse, secured=True)
        return self._caller(call)


class AsyncOrders:
    """The operations of `orders`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list_orders(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        number: str | Unset = UNSET,
        sort: Literal["-created_at"] | Literal["created_at"] | Unset = UNSET,
        status: OrderStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> OrderPage:
        """List orders.

        A customer gets their own orders, an operator those of all customers.

        Args:
            created_after: Only orders that were placed after this time (RFC 3339), and not at it.
            created_before: Only orders that were placed before this time (RFC 3339), and not at it.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            number: Only the order with this number, such as `7KQ2-9M4T`.
            sort: The order of the list.
            status: The status of an order.

                - `pending_payment`: The stock is reserved, and the payment is not authorised yet.
                - `paid`: The payment is authorised, and the stock is sold. It can be shipped once the payment is
                captured.
                - `fulfilled`: It was shipped.
                - `cancelled`: It was cancelled: its stock is released, and its payment voided or refunded.
            user_id: Only orders of this customer. Without it, a customer gets their own, and an operator those of all
                customers.
        """

        return (
            await self.list_orders_response(
                created_after=created_after,
                created_before=created_before,
                cursor=cursor,
                limit=limit,
                number=number,
                sort=sort,
                status=status,
                user_id=user_id,
            )
        ).data

    async def list_orders_response(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        number: str | Unset = UNSET,
        sort: Literal["-created_at"] | Literal["created_at"] | Unset = UNSET,
        status: OrderStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> Response[OrderPage]:
        """Does what `list_orders` does, and returns the headers of the response as well."""

        request = _list_orders.request(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            number=number,
            sort=sort,
            status=status,
            user_id=user_id,
        )
        call = Call(request, _list_orders.parse, secured=True)
        return await self._caller(call)

    async def place_order(
        self,
        body: PlaceOrderRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> Order:
        """Place an order.

        Reserves the stock, and requests the payment, which is decided later: read the order, or its timeline, until
        `status` is `paid` or `cancelled`. Prices are those of now; send the ones that the customer has seen as the
        expected ones, and the order is refused if they have changed.

        A refusal with 409 `conflict`, `price-changed` or `too-much-unpaid`, and one of the price adjuster, is stored
        under the key: another try needs another key.

        Args:
            idempotency_key: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-
                header). A repetition with the same key and body within 24 hours gets the stored response.
            body: An order to place, with exactly one of `shipping_address` and `shipping_address_id`.
        """

        return (
            await self.place_order_response(
                body,
                idempotency_key=idempotency_key,
            )
        ).data

    async def place_order_response(
        self,
        body: PlaceOrderRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `place_order` does, and returns the headers of the response as well."""

        idempotency_key = idempotency_key or _idempotency_key()
        request = _place_order.request(
            body,
            idempotency_key=idempotency_key,
        )
        call = Call(request, _place_order.parse, secured=True)
        return await self._caller(call)

    async def get_order(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Order:
        """Get an order.

        A customer gets their own orders, an operator those of all customers.

        Args:
            id: The id of the order.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_order_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_order_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `get_order` does, and returns the headers of the response as well."""

        request = _get_order.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_order.parse, secured=True)
        return await self._caller(call)

    async def cancel_order(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Order:
        """Cancel an order.

        A customer cancels their own orders, an operator any. Releases the stock, and voids or refunds the payment,
        also if that is decided later. An order that is cancelled already stays as it is.

        Args:
            id: The id of the order.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return (
            await self.cancel_order_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def cancel_order_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `cancel_order` does, and returns the headers of the response as well."""

        request = _cancel_order.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _cancel_order.parse, secured=True)
        return await self._caller(call)

    async def fulfil_order(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Order:
        """Mark an order as shipped.

        An order that is fulfilled already stays as it is.

        Args:
            id: The id of the order.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return (
            await self.fulfil_order_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def fulfil_order_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Order]:
        """Does what `fulfil_order` does, and returns the headers of the response as well."""

        request = _fulfil_order.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _fulfil_order.parse, secured=True)
        return await self._caller(call)

    async def get_order_timeline(
        self,
        id: UUID,
    ) -> OrderTimeline:
        """Get the timeline of an order.

        The history of an order, the event that it waits for, and until when it waits.

        Args:
            id: The id of the order.
        """

        return (
            await self.get_order_timeline_response(
                id,
            )
        ).data

    async def get_order_timeline_response(
        self,
        id: UUID,
    ) -> Response[OrderTimeline]:
        """Does what `get_order_timeline` does, and returns the headers of the response as well."""

        request = _get_order_timeline.request(
            id,
        )
        call = Call(request, _get_order_timeline.parse, secured=True)
        return await self._caller(call)
