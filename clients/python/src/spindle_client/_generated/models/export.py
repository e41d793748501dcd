from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.exported_audit_row import ExportedAuditRow
    from ..models.exported_credentials import ExportedCredentials
    from ..models.exported_key import ExportedKey
    from ..models.exported_notification import ExportedNotification
    from ..models.exported_order import ExportedOrder
    from ..models.exported_payment import ExportedPayment
    from ..models.exported_session import ExportedSession
    from ..models.previous_email import PreviousEmail
    from ..models.user import User


T = TypeVar("T", bound="Export")


@_attrs_define
class Export:
    """Everything that is kept about a user. What another service keeps is as that service describes it, with what only the
    export has.

    """

    audit_log: list[ExportedAuditRow]
    """ The rows of the audit logs that have the user as actor or subject, the oldest of each service first. """
    credentials: list[ExportedCredentials]
    """ The credentials: one item, or none for a user without a password. """
    exported_at: datetime.datetime
    """ The time at which the export began. """
    idempotency_keys: list[ExportedKey]
    """ The keys of requests that may be sent twice. """
    notifications: list[ExportedNotification]
    """ The notifications, the latest first. """
    orders: list[ExportedOrder]
    """ The orders, the latest first. """
    payments: list[ExportedPayment]
    """ The payments, the latest first. """
    previous_emails: list[PreviousEmail]
    """ Earlier e-mail addresses, as long as they are kept, the oldest first. """
    profile: User
    """ A user. """
    sessions: list[ExportedSession]
    """ The sessions, also those that have ended, the oldest first. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        audit_log = []
        for audit_log_item_data in self.audit_log:
            audit_log_item = audit_log_item_data.to_dict()
            audit_log.append(audit_log_item)

        credentials = []
        for credentials_item_data in self.credentials:
            credentials_item = credentials_item_data.to_dict()
            credentials.append(credentials_item)

        exported_at = self.exported_at.isoformat()

        idempotency_keys = []
        for idempotency_keys_item_data in self.idempotency_keys:
            idempotency_keys_item = idempotency_keys_item_data.to_dict()
            idempotency_keys.append(idempotency_keys_item)

        notifications = []
        for notifications_item_data in self.notifications:
            notifications_item = notifications_item_data.to_dict()
            notifications.append(notifications_item)

        orders = []
        for orders_item_data in self.orders:
            orders_item = orders_item_data.to_dict()
            orders.append(orders_item)

        payments = []
        for payments_item_data in self.payments:
            payments_item = payments_item_data.to_dict()
            payments.append(payments_item)

        previous_emails = []
        for previous_emails_item_data in self.previous_emails:
            previous_emails_item = previous_emails_item_data.to_dict()
            previous_emails.append(previous_emails_item)

        profile = self.profile.to_dict()

        sessions = []
        for sessions_item_data in self.sessions:
            sessions_item = sessions_item_data.to_dict()
            sessions.append(sessions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "audit_log": audit_log,
                "credentials": credentials,
                "exported_at": exported_at,
                "idempotency_keys": idempotency_keys,
                "notifications": notifications,
                "orders": orders,
                "payments": payments,
                "previous_emails": previous_emails,
                "profile": profile,
                "sessions": sessions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.exported_audit_row import ExportedAuditRow  # noqa: PLC0415
        from ..models.exported_credentials import ExportedCredentials  # noqa: PLC0415
        from ..models.exported_key import ExportedKey  # noqa: PLC0415
        from ..models.exported_notification import ExportedNotification  # noqa: PLC0415
        from ..models.exported_order import ExportedOrder  # noqa: PLC0415
        from ..models.exported_payment import ExportedPayment  # noqa: PLC0415
        from ..models.exported_session import ExportedSession  # noqa: PLC0415
        from ..models.previous_email import PreviousEmail  # noqa: PLC0415
        from ..models.user import User  # noqa: PLC0415

        d = dict(src_dict)
        audit_log = []
        _audit_log = d.pop("audit_log")
        for audit_log_item_data in _audit_log:
            audit_log_item = ExportedAuditRow.from_dict(audit_log_item_data)

            audit_log.append(audit_log_item)

        credentials = []
        _credentials = d.pop("credentials")
        for credentials_item_data in _credentials:
            credentials_item = ExportedCredentials.from_dict(credentials_item_data)

            credentials.append(credentials_item)

        exported_at = datetime.datetime.fromisoformat(d.pop("exported_at"))

        idempotency_keys = []
        _idempotency_keys = d.pop("idempotency_keys")
        for idempotency_keys_item_data in _idempotency_keys:
            idempotency_keys_item = ExportedKey.from_dict(idempotency_keys_item_data)

            idempotency_keys.append(idempotency_keys_item)

        notifications = []
        _notifications = d.pop("notifications")
        for notifications_item_data in _notifications:
            notifications_item = ExportedNotification.from_dict(notifications_item_data)

            notifications.append(notifications_item)

        orders = []
        _orders = d.pop("orders")
        for orders_item_data in _orders:
            orders_item = ExportedOrder.from_dict(orders_item_data)

            orders.append(orders_item)

        payments = []
        _payments = d.pop("payments")
        for payments_item_data in _payments:
            payments_item = ExportedPayment.from_dict(payments_item_data)

            payments.append(payments_item)

        previous_emails = []
        _previous_emails = d.pop("previous_emails")
        for previous_emails_item_data in _previous_emails:
            previous_emails_item = PreviousEmail.from_dict(previous_emails_item_data)

            previous_emails.append(previous_emails_item)

        profile = User.from_dict(d.pop("profile"))

        sessions = []
        _sessions = d.pop("sessions")
        for sessions_item_data in _sessions:
            sessions_item = ExportedSession.from_dict(sessions_item_data)

            sessions.append(sessions_item)

        export = cls(
            audit_log=audit_log,
            credentials=credentials,
            exported_at=exported_at,
            idempotency_keys=idempotency_keys,
            notifications=notifications,
            orders=orders,
            payments=payments,
            previous_emails=previous_emails,
            profile=profile,
            sessions=sessions,
        )

        export.additional_properties = d
        return export

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
