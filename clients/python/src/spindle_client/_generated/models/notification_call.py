from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="NotificationCall")


@_attrs_define
class NotificationCall:
    """A call of a provider, as operators read it."""

    began_at: datetime.datetime
    """ When the call was made. """
    detail: None | str
    """ The provider's reference, or its text about the failure; null once the user is erased. """
    ended_at: datetime.datetime | None
    """ When it was over; null while it is in progress, and for good if a crash interrupted it. """
    number: int
    """ The number of the call, from 1. """
    outcome: None | str
    """ The answer: `sent`, or one of the failures `rejected`, `retryable`, `other` and `silent` (the provider gave
    no answer); null without one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        began_at = self.began_at.isoformat()

        detail: None | str
        detail = self.detail

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        number = self.number

        outcome: None | str
        outcome = self.outcome

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "began_at": began_at,
                "detail": detail,
                "ended_at": ended_at,
                "number": number,
                "outcome": outcome,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        began_at = datetime.datetime.fromisoformat(d.pop("began_at"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        number = d.pop("number")

        def _parse_outcome(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        outcome = _parse_outcome(d.pop("outcome"))

        notification_call = cls(
            began_at=began_at,
            detail=detail,
            ended_at=ended_at,
            number=number,
            outcome=outcome,
        )

        notification_call.additional_properties = d
        return notification_call

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
