from enum import StrEnum
from typing import Self


class Channel(StrEnum):
    """A channel on which users are notified.

    - `email`: An e-mail.
    - `sms`: A text message.
    - `push`: A notification on the user's devices.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
