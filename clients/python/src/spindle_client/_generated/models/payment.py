from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.decline_code import DeclineCode
from ..models.payment_status import PaymentStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money
    from ..models.payment_call import PaymentCall


T = TypeVar("T", bound="Payment")


@_attrs_define
class Payment:
    """The payment of an order: each order has one, once payments has received its request."""

    amount: Money
    """ An amount of one currency: 12.99 EUR are 1299. """
    attempts: int
    """ The number of calls of the provider so far. """
    created_at: datetime.datetime
    """ When the payment was requested. """
    decline_code: DeclineCode | None
    """ Who declined the payment; null unless its status is `declined`. """
    decline_reason: None | str
    """ The reason for which it was declined, as the provider states it, for the payer to read; null unless its
    status is `declined`, and once the user is erased. """
    id: UUID
    """ The id of the payment. """
    order_id: UUID
    """ The order. """
    provider: str
    """ The name of the payment provider. """
    provider_reference: None | str
    """ The provider's name for the payment; null until the provider has answered. A requested payment that has one
    is pending: the provider decides later, by a webhook. """
    status: PaymentStatus
    """ The place of the money.

    - `requested`: With the payer. The provider was called, and has neither authorised nor declined.
    - `authorized`: Set aside.
    - `captured`: With the shop.
    - `declined`: With the payer, because the provider declined.
    - `refunded`: With the payer again.
    - `voided`: With the payer, because the payment is no longer wanted. """
    updated_at: datetime.datetime
    """ When it last changed. """
    user_id: UUID
    """ The customer. """
    calls: list[PaymentCall] | Unset = UNSET
    """ The calls of the provider, the first one first. Only operators see them, and only of a single payment. """
    last_error: None | str | Unset = UNSET
    """ The error of the last call of the provider, such as `authorize: retryable: busy`; null if that did not fail.
    Only operators see it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount.to_dict()

        attempts = self.attempts

        created_at = self.created_at.isoformat()

        decline_code: None | str
        if isinstance(self.decline_code, DeclineCode):
            decline_code = self.decline_code.value
        else:
            decline_code = self.decline_code

        decline_reason: None | str
        decline_reason = self.decline_reason

        id = str(self.id)

        order_id = str(self.order_id)

        provider = self.provider

        provider_reference: None | str
        provider_reference = self.provider_reference

        status = self.status.value

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
                "amount": amount,
                "attempts": attempts,
                "created_at": created_at,
                "decline_code": decline_code,
                "decline_reason": decline_reason,
                "id": id,
                "order_id": order_id,
                "provider": provider,
                "provider_reference": provider_reference,
                "status": status,
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
        from ..models.money import Money  # noqa: PLC0415
        from ..models.payment_call import PaymentCall  # noqa: PLC0415

        d = dict(src_dict)
        amount = Money.from_dict(d.pop("amount"))

        attempts = d.pop("attempts")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_decline_code(data: object) -> DeclineCode | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decline_code_type_0 = DeclineCode(data)

                return decline_code_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeclineCode | None, data)

        decline_code = _parse_decline_code(d.pop("decline_code"))

        def _parse_decline_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        decline_reason = _parse_decline_reason(d.pop("decline_reason"))

        id = UUID(d.pop("id"))

        order_id = UUID(d.pop("order_id"))

        provider = d.pop("provider")

        def _parse_provider_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider_reference = _parse_provider_reference(d.pop("provider_reference"))

        status = PaymentStatus(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        user_id = UUID(d.pop("user_id"))

        _calls = d.pop("calls", UNSET)
        calls: list[PaymentCall] | Unset = UNSET
        if _calls is not UNSET:
            calls = []
            for calls_item_data in _calls:
                calls_item = PaymentCall.from_dict(calls_item_data)

                calls.append(calls_item)

        def _parse_last_error(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_error = _parse_last_error(d.pop("last_error", UNSET))

        payment = cls(
            amount=amount,
            attempts=attempts,
            created_at=created_at,
            decline_code=decline_code,
            decline_reason=decline_reason,
            id=id,
            order_id=order_id,
            provider=provider,
            provider_reference=provider_reference,
            status=status,
            updated_at=updated_at,
            user_id=user_id,
            calls=calls,
            last_error=last_error,
        )

        payment.additional_properties = d
        return payment

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
