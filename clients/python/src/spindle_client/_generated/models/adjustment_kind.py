from enum import StrEnum
from typing import Self


class AdjustmentKind(StrEnum):
    """The kind of an adjustment.

    - `discount`: A discount: the amount is negative.
    - `tax`: A tax on top of the price: the amount is positive.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    DISCOUNT = "discount"
    TAX = "tax"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
