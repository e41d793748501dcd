from enum import StrEnum
from typing import Self


class CancelReason(StrEnum):
    """The reason for which an order was cancelled.

    - `requested`: Its customer or an operator requested it, or the customer was erased.
    - `payment_declined`: The payment or its capture was declined, or the payment was voided.
    - `payment_timeout`: The payment was not authorised in time.
    - `stock_gone`: The stock was no longer reserved when the payment was authorised.
    - `payment_refunded`: The payment was refunded before the order was shipped.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_TIMEOUT = "payment_timeout"
    REQUESTED = "requested"
    STOCK_GONE = "stock_gone"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
