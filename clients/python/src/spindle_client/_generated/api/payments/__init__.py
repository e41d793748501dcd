import datetime
from typing import Any, Literal, cast
from uuid import UUID

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.payment import Payment
from ...models.payment_page import PaymentPage
from ...models.payment_status import PaymentStatus
from ...models.payment_webhook import PaymentWebhook
from ...models.refund_request import RefundRequest
from ...types import UNSET, Unset
from . import get_payment as _get_payment
from . import list_payments as _list_payments
from . import receive_payment_webhook as _receive_payment_webhook
from . import refund_payment as _refund_payment


class Payments:
    """The operations of `payments`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list_payments(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: PaymentStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> PaymentPage:
        """List payments.

        A customer gets their own payments, an operator those of all users, or of one. The latest comes first.

        Args:
            created_after: Only payments that were created after this time, which is not included.
            created_before: Only payments that were created before this time, which is not included.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            order_id: Only the payment of this order.
            status: The place of the money.

                - `requested`: With the payer. The provider was called, and has neither authorised nor declined.
                - `authorized`: Set aside.
                - `captured`: With the shop.
                - `declined`: With the payer, because the provider declined.
                - `refunded`: With the payer again.
                - `voided`: With the payer, because the payment is no longer wanted.
            user_id: Only payments of this user. Another user's require the role operator.
        """

        return self.list_payments_response(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            order_id=order_id,
            status=status,
            user_id=user_id,
        ).data

    def list_payments_response(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: PaymentStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> Response[PaymentPage]:
        """Does what `list_payments` does, and returns the headers of the response as well."""

        request = _list_payments.request(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            order_id=order_id,
            status=status,
            user_id=user_id,
        )
        call = Call(request, _list_payments.parse, secured=True)
        return self._caller(call)

    def get_payment(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Payment:
        """Get a payment.

        An operator also gets each call of the payment provider.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_payment_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_payment_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Payment]:
        """Does what `get_payment` does, and returns the headers of the response as well."""

        request = _get_payment.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_payment.parse, secured=True)
        return self._caller(call)

    def refund_payment(
        self,
        id: UUID,
        body: RefundRequest | Unset = UNSET,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
    ) -> Payment:
        """Refund a payment.

        Returns the whole sum to the payer. The refund is accepted at once and follows shortly: the payment is
        `refunded` then. An order that was not shipped is cancelled, so that it is not shipped any more; one that was
        shipped is refunded only with `shipped`.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
            idempotency_key: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-
                header). A repetition with the same key and body within 24 hours gets the stored response.
            body: A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead
                of refunding all.
        """

        return self.refund_payment_response(
            id,
            body,
            if_match=if_match,
            if_none_match=if_none_match,
            idempotency_key=idempotency_key,
        ).data

    def refund_payment_response(
        self,
        id: UUID,
        body: RefundRequest | Unset = UNSET,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
    ) -> Response[Payment]:
        """Does what `refund_payment` does, and returns the headers of the response as well."""

        idempotency_key = idempotency_key or _idempotency_key()
        request = _refund_payment.request(
            id,
            body,
            if_match=if_match,
            if_none_match=if_none_match,
            idempotency_key=idempotency_key,
        )
        call = Call(request, _refund_payment.parse, secured=True)
        return self._caller(call)

    def receive_payment_webhook(
        self,
        provider: str,
        body: PaymentWebhook,
        *,
        spindle_signature: str,
    ) -> None:
        """Receive a payment provider's decision.

        For the payment provider, about a payment that it left pending. The event is stored and handled after the
        response; one that was received before, as its `id` says, has no further effect. There is no access token and
        no rate limit: the signature is checked before the body is read.

        Args:
            provider: The name of the payment provider, which is the `provider` of its payments.
            spindle_signature: `t=<seconds since the Unix epoch>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`, by the secret that
                the provider shares with the shop. `t` must be within 300 seconds of the time of receipt. There may be
                several `v1`, as while the secret is replaced.
            body: The provider's decision about a pending payment.
        """

        return self.receive_payment_webhook_response(
            provider,
            body,
            spindle_signature=spindle_signature,
        ).data

    def receive_payment_webhook_response(
        self,
        provider: str,
        body: PaymentWebhook,
        *,
        spindle_signature: str,
    ) -> Response[None]:
        """Does what `receive_payment_webhook` does, and returns the headers of the response as well."""

        request = _receive_payment_webhook.request(
            provider,
            body,
            spindle_signature=spindle_signature,
        )
        call = Call(request, _receive_payment_webhook.parse, secured=False)
        return self._caller(call)


class AsyncPayments:
    """The operations of `payments`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list_payments(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: PaymentStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> PaymentPage:
        """List payments.

        A customer gets their own payments, an operator those of all users, or of one. The latest comes first.

        Args:
            created_after: Only payments that were created after this time, which is not included.
            created_before: Only payments that were created before this time, which is not included.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            order_id: Only the payment of this order.
            status: The place of the money.

                - `requested`: With the payer. The provider was called, and has neither authorised nor declined.
                - `authorized`: Set aside.
                - `captured`: With the shop.
                - `declined`: With the payer, because the provider declined.
                - `refunded`: With the payer again.
                - `voided`: With the payer, because the payment is no longer wanted.
            user_id: Only payments of this user. Another user's require the role operator.
        """

        return (
            await self.list_payments_response(
                created_after=created_after,
                created_before=created_before,
                cursor=cursor,
                limit=limit,
                order_id=order_id,
                status=status,
                user_id=user_id,
            )
        ).data

    async def list_payments_response(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: PaymentStatus | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> Response[PaymentPage]:
        """Does what `list_payments` does, and returns the headers of the response as well."""

        request = _list_payments.request(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            order_id=order_id,
            status=status,
            user_id=user_id,
        )
        call = Call(request, _list_payments.parse, secured=True)
        return await self._caller(call)

    async def get_payment(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Payment:
        """Get a payment.

        An operator also gets each call of the payment provider.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_payment_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_payment_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Payment]:
        """Does what `get_payment` does, and returns the headers of the response as well."""

        request = _get_payment.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_payment.parse, secured=True)
        return await self._caller(call)

    async def refund_payment(
        self,
        id: UUID,
        body: RefundRequest | Unset = UNSET,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
    ) -> Payment:
        """Refund a payment.

        Returns the whole sum to the payer. The refund is accepted at once and follows shortly: the payment is
        `refunded` then. An order that was not shipped is cancelled, so that it is not shipped any more; one that was
        shipped is refunded only with `shipped`.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
            idempotency_key: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-
                header). A repetition with the same key and body within 24 hours gets the stored response.
            body: A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead
                of refunding all.
        """

        return (
            await self.refund_payment_response(
                id,
                body,
                if_match=if_match,
                if_none_match=if_none_match,
                idempotency_key=idempotency_key,
            )
        ).data

    async def refund_payment_response(
        self,
        id: UUID,
        body: RefundRequest | Unset = UNSET,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
    ) -> Response[Payment]:
        """Does what `refund_payment` does, and returns the headers of the response as well."""

        idempotency_key = idempotency_key or _idempotency_key()
        request = _refund_payment.request(
            id,
            body,
            if_match=if_match,
            if_none_match=if_none_match,
            idempotency_key=idempotency_key,
        )
        call = Call(request, _refund_payment.parse, secured=True)
        return await self._caller(call)

    async def receive_payment_webhook(
        self,
        provider: str,
        body: PaymentWebhook,
        *,
        spindle_signature: str,
    ) -> None:
        """Receive a payment provider's decision.

        For the payment provider, about a payment that it left pending. The event is stored and handled after the
        response; one that was received before, as its `id` says, has no further effect. There is no access token and
        no rate limit: the signature is checked before the body is read.

        Args:
            provider: The name of the payment provider, which is the `provider` of its payments.
            spindle_signature: `t=<seconds since the Unix epoch>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`, by the secret that
                the provider shares with the shop. `t` must be within 300 seconds of the time of receipt. There may be
                several `v1`, as while the secret is replaced.
            body: The provider's decision about a pending payment.
        """

        return (
            await self.receive_payment_webhook_response(
                provider,
                body,
                spindle_signature=spindle_signature,
            )
        ).data

    async def receive_payment_webhook_response(
        self,
        provider: str,
        body: PaymentWebhook,
        *,
        spindle_signature: str,
    ) -> Response[None]:
        """Does what `receive_payment_webhook` does, and returns the headers of the response as well."""

        request = _receive_payment_webhook.request(
            provider,
            body,
            spindle_signature=spindle_signature,
        )
        call = Call(request, _receive_payment_webhook.parse, secured=False)
        return await self._caller(call)
