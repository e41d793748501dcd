from enum import StrEnum
from typing import Self


class NotificationStatus(StrEnum):
    """The status of a notification.

    - `queued`: It waits for delivery.
    - `sent`: The provider accepted it.
    - `dead`: Its delivery failed for good: an operator may replay it.
    - `cancelled`: It will not be sent: the user is erased, or has turned the channel off.

    A value that this version of the client does not know is kept: it equals its string, and is no member.
    """

    CANCELLED = "cancelled"
    DEAD = "dead"
    QUEUED = "queued"
    SENT = "sent"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown
