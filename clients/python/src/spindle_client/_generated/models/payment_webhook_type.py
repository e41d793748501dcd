from enum import StrEnum
from typing import Self


class PaymentWebhookType(StrEnum):
    """The type of a webhook.

    - `payment.authorized`: The money is set aside.
    - `payment.declined`: The payment is declined.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    PAYMENT_AUTHORIZED = "payment.authorized"
    PAYMENT_DECLINED = "payment.declined"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
