from enum import StrEnum
from typing import Self


class PaymentOperation(StrEnum):
    """An operation of the provider.

    - `authorize`: Sets the money aside.
    - `capture`: Takes the money that is set aside.
    - `void`: Returns the money that is set aside.
    - `refund`: Returns the money that was taken.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    REFUND = "refund"
    VOID = "void"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
