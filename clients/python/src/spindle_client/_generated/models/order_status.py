from enum import StrEnum
from typing import Self


class OrderStatus(StrEnum):
    """The status of an order.

    - `pending_payment`: The stock is reserved, and the payment is not authorised yet.
    - `paid`: The payment is authorised, and the stock is sold. It can be shipped once the payment is captured.
    - `fulfilled`: It was shipped.
    - `cancelled`: It was cancelled: its stock is released, and its payment voided or refunded.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"
    PAID = "paid"
    PENDING_PAYMENT = "pending_payment"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
