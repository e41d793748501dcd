from enum import StrEnum
from typing import Self


class TimelineEntryKind(StrEnum):
    """The kind of an event in the history of an order.

    - `placed`: The order was placed, and its stock is reserved.
    - `payment_requested`: The payment was requested.
    - `payment_authorized`: The payment was authorised.
    - `payment_declined`: The payment or its capture was declined.
    - `payment_captured`: The payment was captured.
    - `payment_voided`: The authorisation was voided.
    - `payment_refunded`: The payment was refunded.
    - `paid`: The payment is authorised, and the stock is sold.
    - `fulfilled`: The order was shipped.
    - `refund_requested`: An operator requested a refund before the order was shipped.
    - `cancelled`: The order was cancelled.
    - `stock_released`: The stock of the cancelled order was released.
    - `erased`: The customer was erased: name, address and reasons are removed.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    CANCELLED = "cancelled"
    ERASED = "erased"
    FULFILLED = "fulfilled"
    PAID = "paid"
    PAYMENT_AUTHORIZED = "payment_authorized"
    PAYMENT_CAPTURED = "payment_captured"
    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_REQUESTED = "payment_requested"
    PAYMENT_VOIDED = "payment_voided"
    PLACED = "placed"
    REFUND_REQUESTED = "refund_requested"
    STOCK_RELEASED = "stock_released"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
