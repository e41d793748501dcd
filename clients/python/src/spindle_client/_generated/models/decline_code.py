from enum import StrEnum
from typing import Self


class DeclineCode(StrEnum):
    """Who declined a payment, which tells whether another means of payment may help.

    - `declined`: The payer's bank or the payment service: another means of payment may be accepted.
    - `provider_error`: The payment provider, which cannot carry the payment out: the shop has to look into it.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    DECLINED = "declined"
    PROVIDER_ERROR = "provider_error"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
