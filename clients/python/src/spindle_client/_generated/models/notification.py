from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.channel import Channel
from ..models.notification_status import NotificationStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.notification_call import NotificationCall
    from ..models.triggering_event import TriggeringEvent


T = TypeVar("T", bound="Notification")


@_attrs_define
class Notification:
    """A message to one user on one channel."""

    attempts: int
    """ The number of calls of the provider so far. """
    channel: Channel
    """ A channel on which users are notified.

    - `email`: An e-mail.
    - `sms`: A text message.
    - `push`: A notification on the user's devices. """
    created_at: datetime.datetime
    """ When it was enqueued. """
    event: None | TriggeringEvent
    """ The event that triggered it; null if an operator requested it. """
    id: UUID
    """ The id of the notification. """
    order_id: None | UUID
    """ The order that it is about; null if it is about none, or was enqueued by an earlier release. """
    provider_reference: None | str
    """ The provider's name for the message; null until the provider has accepted it. """
    sent_at: datetime.datetime | None
    """ When the provider accepted it; null until then. """
    status: NotificationStatus
    """ The status of a notification.

    - `queued`: It waits for delivery.
    - `sent`: The provider accepted it.
    - `dead`: Its delivery failed for good: an operator may replay it.
    - `cancelled`: It will not be sent: the user is erased, or has turned the channel off. """
    template: str
    """ The name of the template. """
    template_version: int
    """ The version of the template. """
    updated_at: datetime.datetime
    """ When it last changed. """
    user_id: UUID
    """ The recipient. """
    calls: list[NotificationCall] | Unset = UNSET
    """ The calls of the provider, the first one first. Only operators see them, and only of a single notification.
    """
    last_error: None | str | Unset = UNSET
    """ Why it was not sent at the last attempt; null if there is no such reason. Only operators see it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.triggering_event import TriggeringEvent  # noqa: PLC0415

        attempts = self.attempts

        channel = self.channel.value

        created_at = self.created_at.isoformat()

        event: dict[str, Any] | None
        if isinstance(self.event, TriggeringEvent):
            event = self.event.to_dict()
        else:
            event = self.event

        id = str(self.id)

        order_id: None | str
        if isinstance(self.order_id, UUID):
            order_id = str(self.order_id)
        else:
            order_id = self.order_id

        provider_reference: None | str
        provider_reference = self.provider_reference

        sent_at: None | str
        if isinstance(self.sent_at, datetime.datetime):
            sent_at = self.sent_at.isoformat()
        else:
            sent_at = self.sent_at

        status = self.status.value

        template = self.template

        template_version = self.template_version

        updated_at = self.updated_at.isoformat()

        user_id = str(self.user_id)

        calls: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.calls, Unset):
            calls = []
            for calls_item_data in self.calls:
                calls_item = calls_item_data.to_dict()
                calls.append(calls_item)

        last_error: None | str | Unset
        if isinstance(self.last_error, Unset):
            last_error = UNSET
        else:
            last_error = self.last_error

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "channel": channel,
                "created_at": created_at,
                "event": event,
                "id": id,
                "order_id": order_id,
                "provider_reference": provider_reference,
                "sent_at": sent_at,
                "status": status,
                "template": template,
                "template_version": template_version,
                "updated_at": updated_at,
                "user_id": user_id,
            }
        )
        if calls is not UNSET:
            field_dict["calls"] = calls
        if last_error is not UNSET:
            field_dict["last_error"] = last_error

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notification_call import NotificationCall  # noqa: PLC0415
        from ..models.triggering_event import TriggeringEvent  # noqa: PLC0415

        d = dict(src_dict)
        attempts = d.pop("attempts")

        channel = Channel(d.pop("channel"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_event(data: object) -> None | TriggeringEvent:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                event_type_0 = TriggeringEvent.from_dict(data)

                return event_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TriggeringEvent, data)

        event = _parse_event(d.pop("event"))

        id = UUID(d.pop("id"))

        def _parse_order_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                order_id_type_0 = UUID(data)

                return order_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        order_id = _parse_order_id(d.pop("order_id"))

        def _parse_provider_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider_reference = _parse_provider_reference(d.pop("provider_reference"))

        def _parse_sent_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sent_at_type_0 = datetime.datetime.fromisoformat(data)

                return sent_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        sent_at = _parse_sent_at(d.pop("sent_at"))

        status = NotificationStatus(d.pop("status"))

        template = d.pop("template")

        template_version = d.pop("template_version")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        user_id = UUID(d.pop("user_id"))

        _calls = d.pop("calls", UNSET)
        calls: list[NotificationCall] | Unset = UNSET
        if _calls is not UNSET:
            calls = []
            for calls_item_data in _calls:
                calls_item = NotificationCall.from_dict(calls_item_data)

                calls.append(calls_item)

        def _parse_last_error(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_error = _parse_last_error(d.pop("last_error", UNSET))

        notification = cls(
            attempts=attempts,
            channel=channel,
            created_at=created_at,
            event=event,
            id=id,
            order_id=order_id,
            provider_reference=provider_reference,
            sent_at=sent_at,
            status=status,
            template=template,
            template_version=template_version,
            updated_at=updated_at,
            user_id=user_id,
            calls=calls,
            last_error=last_error,
        )

        notification.additional_properties = d
        return notification

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
