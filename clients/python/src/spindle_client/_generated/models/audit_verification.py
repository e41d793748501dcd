from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audit_report import AuditReport
    from ..models.missing_part import MissingPart
    from ..models.verification_progress import VerificationProgress


T = TypeVar("T", bound="AuditVerification")


@_attrs_define
class AuditVerification:
    """The result of the verification of all audit logs."""

    intact: bool | None
    """ Whether all logs are as they were written; null while no violation is found and there are more rows to
    verify, or a log is missing. """
    services: list[AuditReport]
    """ The result for each log, of the services that responded. """
    missing: list[MissingPart] | Unset = UNSET
    """ The services whose logs could not be verified by this request, and why; absent if there are none.
    `next_cursor` continues with them. """
    next_cursor: str | Unset = UNSET
    """ The `cursor` with which the next request continues; absent once all rows are verified. """
    progress: VerificationProgress | Unset = UNSET
    """ The progress of a verification, over the logs of the services that responded. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        intact: bool | None
        intact = self.intact

        services = []
        for services_item_data in self.services:
            services_item = services_item_data.to_dict()
            services.append(services_item)

        missing: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.missing, Unset):
            missing = []
            for missing_item_data in self.missing:
                missing_item = missing_item_data.to_dict()
                missing.append(missing_item)

        next_cursor = self.next_cursor

        progress: dict[str, Any] | Unset = UNSET
        if not isinstance(self.progress, Unset):
            progress = self.progress.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "intact": intact,
                "services": services,
            }
        )
        if missing is not UNSET:
            field_dict["missing"] = missing
        if next_cursor is not UNSET:
            field_dict["next_cursor"] = next_cursor
        if progress is not UNSET:
            field_dict["progress"] = progress

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_report import AuditReport  # noqa: PLC0415
        from ..models.missing_part import MissingPart  # noqa: PLC0415
        from ..models.verification_progress import VerificationProgress  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_intact(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        intact = _parse_intact(d.pop("intact"))

        services = []
        _services = d.pop("services")
        for services_item_data in _services:
            services_item = AuditReport.from_dict(services_item_data)

            services.append(services_item)

        _missing = d.pop("missing", UNSET)
        missing: list[MissingPart] | Unset = UNSET
        if _missing is not UNSET:
            missing = []
            for missing_item_data in _missing:
                missing_item = MissingPart.from_dict(missing_item_data)

                missing.append(missing_item)

        next_cursor = d.pop("next_cursor", UNSET)

        _progress = d.pop("progress", UNSET)
        progress: VerificationProgress | Unset
        if isinstance(_progress, Unset):
            progress = UNSET
        else:
            progress = VerificationProgress.from_dict(_progress)

        audit_verification = cls(
            intact=intact,
            services=services,
            missing=missing,
            next_cursor=next_cursor,
            progress=progress,
        )

        audit_verification.additional_properties = d
        return audit_verification

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
