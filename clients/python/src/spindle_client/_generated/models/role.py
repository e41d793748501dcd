from enum import StrEnum
from typing import Self


class Role(StrEnum):
    """The roles, from the least to the most powerful; each may do all that the ones before it may.

    - `customer`: Places orders.
    - `operator`: Runs the shop.
    - `admin`: Appoints operators and sees the audit log.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    ADMIN = "admin"
    CUSTOMER = "customer"
    OPERATOR = "operator"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
