from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audit_head import AuditHead


T = TypeVar("T", bound="AuditReport")


@_attrs_define
class AuditReport:
    """The result of verifying the audit log of one service."""

    head: AuditHead | None
    """ The head of the log; null if the head itself was removed. """
    intact: bool | None
    """ Whether the whole log is as it was written; null while there are more rows to verify. """
    rows: int
    """ The number of rows, from the first on, that are as they were written. """
    service: str
    """ The service's name. """
    checkpoint: AuditHead | Unset = UNSET
    """ The head of an audit log: a later one with a lower number, or with another MAC for the same number, shows
    that the log was reset. """
    detail: str | Unset = UNSET
    """ The violation found at that row. """
    first_bad_seq: int | Unset = UNSET
    """ The number of the first row that is not; absent if there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.audit_head import AuditHead  # noqa: PLC0415

        head: dict[str, Any] | None
        if isinstance(self.head, AuditHead):
            head = self.head.to_dict()
        else:
            head = self.head

        intact: bool | None
        intact = self.intact

        rows = self.rows

        service = self.service

        checkpoint: dict[str, Any] | Unset = UNSET
        if not isinstance(self.checkpoint, Unset):
            checkpoint = self.checkpoint.to_dict()

        detail = self.detail

        first_bad_seq = self.first_bad_seq

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "head": head,
                "intact": intact,
                "rows": rows,
                "service": service,
            }
        )
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint
        if detail is not UNSET:
            field_dict["detail"] = detail
        if first_bad_seq is not UNSET:
            field_dict["first_bad_seq"] = first_bad_seq

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_head import AuditHead  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_head(data: object) -> AuditHead | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                head_type_0 = AuditHead.from_dict(data)

                return head_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AuditHead | None, data)

        head = _parse_head(d.pop("head"))

        def _parse_intact(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        intact = _parse_intact(d.pop("intact"))

        rows = d.pop("rows")

        service = d.pop("service")

        _checkpoint = d.pop("checkpoint", UNSET)
        checkpoint: AuditHead | Unset
        if isinstance(_checkpoint, Unset):
            checkpoint = UNSET
        else:
            checkpoint = AuditHead.from_dict(_checkpoint)

        detail = d.pop("detail", UNSET)

        first_bad_seq = d.pop("first_bad_seq", UNSET)

        audit_report = cls(
            head=head,
            intact=intact,
            rows=rows,
            service=service,
            checkpoint=checkpoint,
            detail=detail,
            first_bad_seq=first_bad_seq,
        )

        audit_report.additional_properties = d
        return audit_report

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
