from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.failed_attempt import FailedAttempt


T = TypeVar("T", bound="DeadLetter")


@_attrs_define
class DeadLetter:
    """An event that a service could not handle."""

    attempts: int
    """ The number of attempts since it arrived, or since its last replay. """
    data: Any
    """ The data of the event, with the means of payment redacted. """
    died_at: datetime.datetime
    """ The time of its last failure. Letters of orders and payments, for which money waits, are tried again 15
    minutes after it. """
    failures: list[FailedAttempt]
    """ The failed attempts, the first ones and the latest ones. """
    id: str
    """ The event's id. """
    last_error: str
    """ The error of the last attempt. """
    occurred_at: datetime.datetime
    """ The time at which it happened. """
    request_id: str
    """ The request in which it happened. """
    service: str
    """ The service that could not handle it. """
    source: str
    """ The service that published it. """
    subject: str
    """ The id of the thing that it is about. """
    traceparent: str
    """ The trace in which it happened. """
    type_: str
    """ The type of the event. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        data = self.data

        died_at = self.died_at.isoformat()

        failures = []
        for failures_item_data in self.failures:
            failures_item = failures_item_data.to_dict()
            failures.append(failures_item)

        id = self.id

        last_error = self.last_error

        occurred_at = self.occurred_at.isoformat()

        request_id = self.request_id

        service = self.service

        source = self.source

        subject = self.subject

        traceparent = self.traceparent

        type_ = self.type_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "data": data,
                "died_at": died_at,
                "failures": failures,
                "id": id,
                "last_error": last_error,
                "occurred_at": occurred_at,
                "request_id": request_id,
                "service": service,
                "source": source,
                "subject": subject,
                "traceparent": traceparent,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failed_attempt import FailedAttempt  # noqa: PLC0415

        d = dict(src_dict)
        attempts = d.pop("attempts")

        data = d.pop("data")

        died_at = datetime.datetime.fromisoformat(d.pop("died_at"))

        failures = []
        _failures = d.pop("failures")
        for failures_item_data in _failures:
            failures_item = FailedAttempt.from_dict(failures_item_data)

            failures.append(failures_item)

        id = d.pop("id")

        last_error = d.pop("last_error")

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        request_id = d.pop("request_id")

        service = d.pop("service")

        source = d.pop("source")

        subject = d.pop("subject")

        traceparent = d.pop("traceparent")

        type_ = d.pop("type")

        dead_letter = cls(
            attempts=attempts,
            data=data,
            died_at=died_at,
            failures=failures,
            id=id,
            last_error=last_error,
            occurred_at=occurred_at,
            request_id=request_id,
            service=service,
            source=source,
            subject=subject,
            traceparent=traceparent,
            type_=type_,
        )

        dead_letter.additional_properties = d
        return dead_letter

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
