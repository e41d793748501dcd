from enum import StrEnum
from typing import Self


class ErasureState(StrEnum):
    """The state of an erasure.

    - `pending`: Something of the user is still stored.
    - `done`: Nothing of the user is stored any more.
    - `unknown`: The service does not respond.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    DONE = "done"
    PENDING = "pending"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
