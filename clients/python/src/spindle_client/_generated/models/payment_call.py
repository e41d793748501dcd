from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payment_operation import PaymentOperation

T = TypeVar("T", bound="PaymentCall")


@_attrs_define
class PaymentCall:
    """A call of the provider, in a payment and in an export."""

    attempt: int
    """ The number of this attempt at the operation, from 1. """
    began_at: datetime.datetime
    """ When the call was made. """
    detail: None | str
    """ The provider's reference, or its text about the failure; null once the user is erased. """
    ended_at: datetime.datetime | None
    """ When it was over; null while it is in progress, and for good if a crash interrupted it. """
    operation: PaymentOperation
    """ An operation of the provider.

    - `authorize`: Sets the money aside.
    - `capture`: Takes the money that is set aside.
    - `void`: Returns the money that is set aside.
    - `refund`: Returns the money that was taken. """
    outcome: None | str
    """ The answer: `authorized`, `pending` or `done`, or one of the failures `declined`, `retryable`, `permanent`
    and `other`; null without one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        began_at = self.began_at.isoformat()

        detail: None | str
        detail = self.detail

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        operation = self.operation.value

        outcome: None | str
        outcome = self.outcome

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "began_at": began_at,
                "detail": detail,
                "ended_at": ended_at,
                "operation": operation,
                "outcome": outcome,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt = d.pop("attempt")

        began_at = datetime.datetime.fromisoformat(d.pop("began_at"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        operation = PaymentOperation(d.pop("operation"))

        def _parse_outcome(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        outcome = _parse_outcome(d.pop("outcome"))

        payment_call = cls(
            attempt=attempt,
            began_at=began_at,
            detail=detail,
            ended_at=ended_at,
            operation=operation,
            outcome=outcome,
        )

        payment_call.additional_properties = d
        return payment_call

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
