from enum import StrEnum
from typing import Self


class UserStatus(StrEnum):
    """Whether a user may use the account.

    - `active`: The user may.
    - `deactivated`: An admin has deactivated the user: no log-in, and no session.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    ACTIVE = "active"
    DEACTIVATED = "deactivated"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
