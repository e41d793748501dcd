from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.payment_webhook_type import PaymentWebhookType
from ..types import UNSET, Unset

T = TypeVar("T", bound="PaymentWebhook")


@_attrs_define
class PaymentWebhook:
    """The provider's decision about a pending payment."""

    id: str
    """ The provider's id of this event: the same when it is sent again. """
    payment_id: UUID
    """ The payment, as the provider received it. """
    reference: str
    """ The provider's name for the payment, as it returned it. """
    type_: PaymentWebhookType
    """ The type of a webhook.

    - `payment.authorized`: The money is set aside.
    - `payment.declined`: The payment is declined. """
    reason: None | str | Unset = UNSET
    """ With `payment.declined`: the reason that the payer reads. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        payment_id = str(self.payment_id)

        reference = self.reference

        type_ = self.type_.value

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "payment_id": payment_id,
                "reference": reference,
                "type": type_,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        payment_id = UUID(d.pop("payment_id"))

        reference = d.pop("reference")

        type_ = PaymentWebhookType(d.pop("type"))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        payment_webhook = cls(
            id=id,
            payment_id=payment_id,
            reference=reference,
            type_=type_,
            reason=reason,
        )

        return payment_webhook
