from enum import StrEnum
from typing import Self


class ProductStatus(StrEnum):
    """The sales status of a product.

    - `active`: For sale.
    - `archived`: No longer for sale: in no list and no search, but readable by its id.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    ACTIVE = "active"
    ARCHIVED = "archived"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
