import datetime
from typing import Any, Literal, cast
from uuid import UUID

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.notification import Notification
from ...models.notification_page import NotificationPage
from ...models.notification_request import NotificationRequest
from ...models.notification_status import NotificationStatus
from ...models.queued_notifications import QueuedNotifications
from ...types import UNSET, Unset
from . import get_notification as _get_notification
from . import list_notifications as _list_notifications
from . import request_notification as _request_notification


class Notifications:
    """The operations of `notifications`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list_notifications(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: NotificationStatus | Unset = UNSET,
        trigger_id: str | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> NotificationPage:
        """List notifications.

        A customer gets their own notifications, an operator those of all users, or of one. The latest comes first.

        Args:
            created_after: Only notifications that were enqueued after this time, which is not included.
            created_before: Only notifications that were enqueued before this time, which is not included.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            order_id: Only notifications about this order.
            status: The status of a notification.

                - `queued`: It waits for delivery.
                - `sent`: The provider accepted it.
                - `dead`: Its delivery failed for good: an operator may replay it.
                - `cancelled`: It will not be sent: the user is erased, or has turned the channel off.
            trigger_id: Only the notifications of this event, or of this request of an operator: the `Location` of `POST
                /v1/notifications` has it.
            user_id: Only notifications to this user. Another user's require the role operator.
        """

        return self.list_notifications_response(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            order_id=order_id,
            status=status,
            trigger_id=trigger_id,
            user_id=user_id,
        ).data

    def list_notifications_response(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: NotificationStatus | Unset = UNSET,
        trigger_id: str | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> Response[NotificationPage]:
        """Does what `list_notifications` does, and returns the headers of the response as well."""

        request = _list_notifications.request(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            order_id=order_id,
            status=status,
            trigger_id=trigger_id,
            user_id=user_id,
        )
        call = Call(request, _list_notifications.parse, secured=True)
        return self._caller(call)

    def request_notification(
        self,
        body: NotificationRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> QueuedNotifications:
        """Send a message to a user.

        The request is checked as a whole: each message is rendered once for the user before it is accepted. The
        notifications are delivered shortly; `Location` is the address of their list.

        Args:
            idempotency_key: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-
                header). With it, a repetition with the same key and body within 24 hours gets the stored response.
            body: A message to be sent to a user.
        """

        return self.request_notification_response(
            body,
            idempotency_key=idempotency_key,
        ).data

    def request_notification_response(
        self,
        body: NotificationRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> Response[QueuedNotifications]:
        """Does what `request_notification` does, and returns the headers of the response as well."""

        idempotency_key = idempotency_key or _idempotency_key()
        request = _request_notification.request(
            body,
            idempotency_key=idempotency_key,
        )
        call = Call(request, _request_notification.parse, secured=True)
        return self._caller(call)

    def get_notification(
        self,
        id: UUID,
    ) -> Notification:
        """Get a notification.

        An operator also gets each call of the provider.

        Args:
            id: The `id` of the resource.
        """

        return self.get_notification_response(
            id,
        ).data

    def get_notification_response(
        self,
        id: UUID,
    ) -> Response[Notification]:
        """Does what `get_notification` does, and returns the headers of the response as well."""

        request = _get_notification.request(
            id,
        )
        call = Call(request, _get_notification.parse, secured=True)
        return self._caller(call)


class AsyncNotifications:
    """The operations of `notifications`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list_notifications(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: NotificationStatus | Unset = UNSET,
        trigger_id: str | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> NotificationPage:
        """List notifications.

        A customer gets their own notifications, an operator those of all users, or of one. The latest comes first.

        Args:
            created_after: Only notifications that were enqueued after this time, which is not included.
            created_before: Only notifications that were enqueued before this time, which is not included.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            order_id: Only notifications about this order.
            status: The status of a notification.

                - `queued`: It waits for delivery.
                - `sent`: The provider accepted it.
                - `dead`: Its delivery failed for good: an operator may replay it.
                - `cancelled`: It will not be sent: the user is erased, or has turned the channel off.
            trigger_id: Only the notifications of this event, or of this request of an operator: the `Location` of `POST
                /v1/notifications` has it.
            user_id: Only notifications to this user. Another user's require the role operator.
        """

        return (
            await self.list_notifications_response(
                created_after=created_after,
                created_before=created_before,
                cursor=cursor,
                limit=limit,
                order_id=order_id,
                status=status,
                trigger_id=trigger_id,
                user_id=user_id,
            )
        ).data

    async def list_notifications_response(
        self,
        *,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        order_id: UUID | Unset = UNSET,
        status: NotificationStatus | Unset = UNSET,
        trigger_id: str | Unset = UNSET,
        user_id: UUID | Unset = UNSET,
    ) -> Response[NotificationPage]:
        """Does what `list_notifications` does, and returns the headers of the response as well."""

        request = _list_notifications.request(
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            order_id=order_id,
            status=status,
            trigger_id=trigger_id,
            user_id=user_id,
        )
        call = Call(request, _list_notifications.parse, secured=True)
        return await self._caller(call)

    async def request_notification(
        self,
        body: NotificationRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> QueuedNotifications:
        """Send a message to a user.

        The request is checked as a whole: each message is rendered once for the user before it is accepted. The
        notifications are delivered shortly; `Location` is the address of their list.

        Args:
            idempotency_key: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-
                header). With it, a repetition with the same key and body within 24 hours gets the stored response.
            body: A message to be sent to a user.
        """

        return (
            await self.request_notification_response(
                body,
                idempotency_key=idempotency_key,
            )
        ).data

    async def request_notification_response(
        self,
        body: NotificationRequest,
        *,
        idempotency_key: str | Unset = UNSET,
    ) -> Response[QueuedNotifications]:
        """Does what `request_notification` does, and returns the headers of the response as well."""

        idempotency_key = idempotency_key or _idempotency_key()
        request = _request_notification.request(
            body,
            idempotency_key=idempotency_key,
        )
        call = Call(request, _request_notification.parse, secured=True)
        return await self._caller(call)

    async def get_notification(
        self,
        id: UUID,
    ) -> Notification:
        """Get a notification.

        An operator also gets each call of the provider.

        Args:
            id: The `id` of the resource.
        """

        return (
            await self.get_notification_response(
                id,
            )
        ).data

    async def get_notification_response(
        self,
        id: UUID,
    ) -> Response[Notification]:
        """Does what `get_notification` does, and returns the headers of the response as well."""

        request = _get_notification.request(
            id,
        )
        call = Call(request, _get_notification.parse, secured=True)
        return await self._caller(call)
