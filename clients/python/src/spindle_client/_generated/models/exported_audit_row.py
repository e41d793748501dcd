from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ExportedAuditRow")


@_attrs_define
class ExportedAuditRow:
    """A row of an audit log. The id and the address of another person who acted are left out."""

    action: str
    """ The action, such as `user.changed`. """
    actor: None | str
    """ Who acted: the id of the user, `another user`, or the name of a service. """
    created_at: datetime.datetime
    """ The time of the action. """
    detail: Any
    """ Further details. """
    id: str
    """ The id of the row. """
    request_id: str
    """ The id of the request. """
    service: str
    """ The service whose log has the row. """
    source: None | str
    """ The pseudonym of the address that the request came from. """
    subject: None | str
    """ What the action was about. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        action = self.action

        actor: None | str
        actor = self.actor

        created_at = self.created_at.isoformat()

        detail = self.detail

        id = self.id

        request_id = self.request_id

        service = self.service

        source: None | str
        source = self.source

        subject: None | str
        subject = self.subject

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "action": action,
                "actor": actor,
                "created_at": created_at,
                "detail": detail,
                "id": id,
                "request_id": request_id,
                "service": service,
                "source": source,
                "subject": subject,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = d.pop("action")

        def _parse_actor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        actor = _parse_actor(d.pop("actor"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        detail = d.pop("detail")

        id = d.pop("id")

        request_id = d.pop("request_id")

        service = d.pop("service")

        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))

        def _parse_subject(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        subject = _parse_subject(d.pop("subject"))

        exported_audit_row = cls(
            action=action,
            actor=actor,
            created_at=created_at,
            detail=detail,
            id=id,
            request_id=request_id,
            service=service,
            source=source,
            subject=subject,
        )

        exported_audit_row.additional_properties = d
        return exported_audit_row

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
