from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.channel import Channel
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.notification_request_data import NotificationRequestData


T = TypeVar("T", bound="NotificationRequest")


@_attrs_define
class NotificationRequest:
    """A message to be sent to a user."""

    template: (
        Literal["message"]
        | Literal["order-cancelled"]
        | Literal["order-fulfilled"]
        | Literal["order-paid"]
        | Literal["payment-refunded"]
        | Literal["welcome"]
    )
    """ The template: `message` has a text of the operator; the others are those that events trigger. """
    user_id: UUID
    """ The recipient. """
    channel: Channel | None | Unset = UNSET
    """ The only channel. Without it the message is sent on each channel that the user has turned on. """
    data: NotificationRequestData | Unset = UNSET
    """ The fields of the template. `message` has `subject`, one line, and `text`; `order-paid` has `number` and
    `total`, a sum of money; `order-fulfilled` has `number`; `order-cancelled` has `number` and `reason`; `payment-
    refunded` has `amount`, a sum of money; `welcome` has none. """

    def to_dict(self) -> dict[str, Any]:
        template: (
            Literal["message"]
            | Literal["order-cancelled"]
            | Literal["order-fulfilled"]
            | Literal["order-paid"]
            | Literal["payment-refunded"]
            | Literal["welcome"]
        )
        template = self.template

        user_id = str(self.user_id)

        channel: None | str | Unset
        if isinstance(self.channel, Unset):
            channel = UNSET
        elif isinstance(self.channel, Channel):
            channel = self.channel.value
        else:
            channel = self.channel

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "template": template,
                "user_id": user_id,
            }
        )
        if channel is not UNSET:
            field_dict["channel"] = channel
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.notification_request_data import NotificationRequestData  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_template(
            data: object,
        ) -> (
            Literal["message"]
            | Literal["order-cancelled"]
            | Literal["order-fulfilled"]
            | Literal["order-paid"]
            | Literal["payment-refunded"]
            | Literal["welcome"]
        ):
            template_type_0 = cast(Literal["welcome"], data)
            if template_type_0 != "welcome":
                raise ValueError(f"template_type_0 must match const 'welcome', got '{template_type_0}'")
            return template_type_0
            template_type_1 = cast(Literal["order-paid"], data)
            if template_type_1 != "order-paid":
                raise ValueError(f"template_type_1 must match const 'order-paid', got '{template_type_1}'")
            return template_type_1
            template_type_2 = cast(Literal["order-fulfilled"], data)
            if template_type_2 != "order-fulfilled":
                raise ValueError(f"template_type_2 must match const 'order-fulfilled', got '{template_type_2}'")
            return template_type_2
            template_type_3 = cast(Literal["order-cancelled"], data)
            if template_type_3 != "order-cancelled":
                raise ValueError(f"template_type_3 must match const 'order-cancelled', got '{template_type_3}'")
            return template_type_3
            template_type_4 = cast(Literal["payment-refunded"], data)
            if template_type_4 != "payment-refunded":
                raise ValueError(f"template_type_4 must match const 'payment-refunded', got '{template_type_4}'")
            return template_type_4
            template_type_5 = cast(Literal["message"], data)
            if template_type_5 != "message":
                raise ValueError(f"template_type_5 must match const 'message', got '{template_type_5}'")
            return template_type_5

        template = _parse_template(d.pop("template"))

        user_id = UUID(d.pop("user_id"))

        def _parse_channel(data: object) -> Channel | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                channel_type_0 = Channel(data)

                return channel_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Channel | None | Unset, data)

        channel = _parse_channel(d.pop("channel", UNSET))

        _data = d.pop("data", UNSET)
        data: NotificationRequestData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = NotificationRequestData.from_dict(_data)

        notification_request = cls(
            template=template,
            user_id=user_id,
            channel=channel,
            data=data,
        )

        return notification_request
