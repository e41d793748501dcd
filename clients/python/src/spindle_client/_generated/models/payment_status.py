from enum import StrEnum
from typing import Self


class PaymentStatus(StrEnum):
    """The place of the money.

    - `requested`: With the payer. The provider was called, and has neither authorised nor declined.
    - `authorized`: Set aside.
    - `captured`: With the shop.
    - `declined`: With the payer, because the provider declined.
    - `refunded`: With the payer again.
    - `voided`: With the payer, because the payment is no longer wanted.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    DECLINED = "declined"
    REFUNDED = "refunded"
    REQUESTED = "requested"
    VOIDED = "voided"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
