import datetime
from typing import Any, Literal, cast

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.audit_row_page import AuditRowPage
from ...models.audit_verification import AuditVerification
from ...models.dead_letter import DeadLetter
from ...models.dead_letter_page import DeadLetterPage
from ...models.health_report import HealthReport
from ...models.liveness import Liveness
from ...models.readiness_report import ReadinessReport
from ...models.replay_count import ReplayCount
from ...models.replay_request import ReplayRequest
from ...types import UNSET, Unset
from . import discard_dead_letter as _discard_dead_letter
from . import get_dead_letter as _get_dead_letter
from . import get_health as _get_health
from . import get_liveness as _get_liveness
from . import get_readiness as _get_readiness
from . import list_audit_rows as _list_audit_rows
from . import list_dead_letters as _list_dead_letters
from . import replay_dead_letter as _replay_dead_letter
from . import replay_dead_letters as _replay_dead_letters
from . import verify_audit_logs as _verify_audit_logs


class Gateway:
    """The operations of `gateway`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_liveness(
        self,
    ) -> Liveness:
        """Check that the platform runs.

        Calls no service. Not a part of the released API: probes of a deployment use it.
        """

        return self.get_liveness_response().data

    def get_liveness_response(
        self,
    ) -> Response[Liveness]:
        """Does what `get_liveness` does, and returns the headers of the response as well."""

        request = _get_liveness.request()
        call = Call(request, _get_liveness.parse, secured=False)
        return self._caller(call)

    def get_readiness(
        self,
    ) -> ReadinessReport:
        """Check that this replica can work.

        Asks every service of this process. What all replicas share does not count: a database, a key-value store or a
        provider that is away is in `/v1/admin/health`. Not a part of the released API: probes of a deployment use it.
        """

        return self.get_readiness_response().data

    def get_readiness_response(
        self,
    ) -> Response[ReadinessReport]:
        """Does what `get_readiness` does, and returns the headers of the response as well."""

        request = _get_readiness.request()
        call = Call(request, _get_readiness.parse, secured=False)
        return self._caller(call)

    def list_audit_rows(
        self,
        *,
        action: str | Unset = UNSET,
        actor: str | Unset = UNSET,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        source: str | Unset = UNSET,
        subject: str | Unset = UNSET,
    ) -> AuditRowPage:
        """List sensitive actions.

        The rows of the audit logs of all services, the newest first. If a service does not respond, `missing` names
        it, and the page has the rows of the others. The next pages ask it again, so its rows come later than their
        time says, and the last page has them or the list ends with 503.

        Args:
            action: Only this action, such as `user.role_changed`.
            actor: Only actions of this user or service.
            created_after: Only actions after this time, which is not included.
            created_before: Only actions before this time, which is not included.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            source: Only actions from this address, or with this pseudonym of one.
            subject: Only actions on this subject.
        """

        return self.list_audit_rows_response(
            action=action,
            actor=actor,
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            source=source,
            subject=subject,
        ).data

    def list_audit_rows_response(
        self,
        *,
        action: str | Unset = UNSET,
        actor: str | Unset = UNSET,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        source: str | Unset = UNSET,
        subject: str | Unset = UNSET,
    ) -> Response[AuditRowPage]:
        """Does what `list_audit_rows` does, and returns the headers of the response as well."""

        request = _list_audit_rows.request(
            action=action,
            actor=actor,
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            source=source,
            subject=subject,
        )
        call = Call(request, _list_audit_rows.parse, secured=True)
        return self._caller(call)

    def verify_audit_logs(
        self,
        *,
        cursor: str | Unset = UNSET,
    ) -> AuditVerification:
        """Verify the audit logs.

        Finds rows that were changed, removed, moved or inserted. One request takes some seconds; while there are more
        rows to verify, the response has a `next_cursor` for the next request. If a service does not respond,
        `missing` names it, the other logs are verified, and `next_cursor` continues with its log: send it when the
        service is back.

        Args:
            cursor: The `next_cursor` of the response before: the verification continues there. Without it, it begins with
                the first rows.
        """

        return self.verify_audit_logs_response(
            cursor=cursor,
        ).data

    def verify_audit_logs_response(
        self,
        *,
        cursor: str | Unset = UNSET,
    ) -> Response[AuditVerification]:
        """Does what `verify_audit_logs` does, and returns the headers of the response as well."""

        request = _verify_audit_logs.request(
            cursor=cursor,
        )
        call = Call(request, _verify_audit_logs.parse, secured=True)
        return self._caller(call)

    def list_dead_letters(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"] | Unset = UNSET,
    ) -> DeadLetterPage:
        """List events that could not be handled.

        By service, and the latest first within a service. If a service does not respond, `missing` names it, and the
        page has the letters of the others. The next pages ask it again, so the last page has its letters, or the list
        ends with 503.

        Args:
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            service: Only the letters of this service.
        """

        return self.list_dead_letters_response(
            cursor=cursor,
            limit=limit,
            service=service,
        ).data

    def list_dead_letters_response(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"] | Unset = UNSET,
    ) -> Response[DeadLetterPage]:
        """Does what `list_dead_letters` does, and returns the headers of the response as well."""

        request = _list_dead_letters.request(
            cursor=cursor,
            limit=limit,
            service=service,
        )
        call = Call(request, _list_dead_letters.parse, secured=True)
        return self._caller(call)

    def replay_dead_letters(
        self,
        body: ReplayRequest,
    ) -> ReplayCount:
        """Handle several events again.

        At most 1,000 at once, those first that have been dead for the longest time. The services handle them shortly.

        Args:
            body: The letters to replay.
        """

        return self.replay_dead_letters_response(
            body,
        ).data

    def replay_dead_letters_response(
        self,
        body: ReplayRequest,
    ) -> Response[ReplayCount]:
        """Does what `replay_dead_letters` does, and returns the headers of the response as well."""

        request = _replay_dead_letters.request(
            body,
        )
        call = Call(request, _replay_dead_letters.parse, secured=True)
        return self._caller(call)

    def get_dead_letter(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> DeadLetter:
        """Get an event that could not be handled.


        Args:
            service: The service that could not handle it.
            id: The id of the event.
        """

        return self.get_dead_letter_response(
            service,
            id,
        ).data

    def get_dead_letter_response(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> Response[DeadLetter]:
        """Does what `get_dead_letter` does, and returns the headers of the response as well."""

        request = _get_dead_letter.request(
            service,
            id,
        )
        call = Call(request, _get_dead_letter.parse, secured=True)
        return self._caller(call)

    def discard_dead_letter(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> None:
        """Discard an event.

        The audit log keeps who discarded it.

        Args:
            service: The service that could not handle it.
            id: The id of the event.
        """

        return self.discard_dead_letter_response(
            service,
            id,
        ).data

    def discard_dead_letter_response(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> Response[None]:
        """Does what `discard_dead_letter` does, and returns the headers of the response as well."""

        request = _discard_dead_letter.request(
            service,
            id,
        )
        call = Call(request, _discard_dead_letter.parse, secured=True)
        return self._caller(call)

    def replay_dead_letter(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> ReplayCount:
        """Handle an event again.

        With all its attempts. The service handles it shortly.

        Args:
            service: The service that could not handle it.
            id: The id of the event.
        """

        return self.replay_dead_letter_response(
            service,
            id,
        ).data

    def replay_dead_letter_response(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> Response[ReplayCount]:
        """Does what `replay_dead_letter` does, and returns the headers of the response as well."""

        request = _replay_dead_letter.request(
            service,
            id,
        )
        call = Call(request, _replay_dead_letter.parse, secured=True)
        return self._caller(call)

    def get_health(
        self,
    ) -> HealthReport:
        """Get the state of every service and its parts.

        For people and monitoring: which database, key-value store, service or provider is away, and why. Always 200:
        the members `state` say how bad it is. A part that does not respond within two seconds is `unavailable`.
        Monitoring sends the token in the variable `metrics_token`, which works also while no access token can be
        checked.
        """

        return self.get_health_response().data

    def get_health_response(
        self,
    ) -> Response[HealthReport]:
        """Does what `get_health` does, and returns the headers of the response as well."""

        request = _get_health.request()
        call = Call(request, _get_health.parse, secured=True)
        return self._caller(call)


class AsyncGateway:
    """The operations of `gateway`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get_liveness(
        self,
    ) -> Liveness:
        """Check that the platform runs.

        Calls no service. Not a part of the released API: probes of a deployment use it.
        """

        return (await self.get_liveness_response()).data

    async def get_liveness_response(
        self,
    ) -> Response[Liveness]:
        """Does what `get_liveness` does, and returns the headers of the response as well."""

        request = _get_liveness.request()
        call = Call(request, _get_liveness.parse, secured=False)
        return await self._caller(call)

    async def get_readiness(
        self,
    ) -> ReadinessReport:
        """Check that this replica can work.

        Asks every service of this process. What all replicas share does not count: a database, a key-value store or a
        provider that is away is in `/v1/admin/health`. Not a part of the released API: probes of a deployment use it.
        """

        return (await self.get_readiness_response()).data

    async def get_readiness_response(
        self,
    ) -> Response[ReadinessReport]:
        """Does what `get_readiness` does, and returns the headers of the response as well."""

        request = _get_readiness.request()
        call = Call(request, _get_readiness.parse, secured=False)
        return await self._caller(call)

    async def list_audit_rows(
        self,
        *,
        action: str | Unset = UNSET,
        actor: str | Unset = UNSET,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        source: str | Unset = UNSET,
        subject: str | Unset = UNSET,
    ) -> AuditRowPage:
        """List sensitive actions.

        The rows of the audit logs of all services, the newest first. If a service does not respond, `missing` names
        it, and the page has the rows of the others. The next pages ask it again, so its rows come later than their
        time says, and the last page has them or the list ends with 503.

        Args:
            action: Only this action, such as `user.role_changed`.
            actor: Only actions of this user or service.
            created_after: Only actions after this time, which is not included.
            created_before: Only actions before this time, which is not included.
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            source: Only actions from this address, or with this pseudonym of one.
            subject: Only actions on this subject.
        """

        return (
            await self.list_audit_rows_response(
                action=action,
                actor=actor,
                created_after=created_after,
                created_before=created_before,
                cursor=cursor,
                limit=limit,
                source=source,
                subject=subject,
            )
        ).data

    async def list_audit_rows_response(
        self,
        *,
        action: str | Unset = UNSET,
        actor: str | Unset = UNSET,
        created_after: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        source: str | Unset = UNSET,
        subject: str | Unset = UNSET,
    ) -> Response[AuditRowPage]:
        """Does what `list_audit_rows` does, and returns the headers of the response as well."""

        request = _list_audit_rows.request(
            action=action,
            actor=actor,
            created_after=created_after,
            created_before=created_before,
            cursor=cursor,
            limit=limit,
            source=source,
            subject=subject,
        )
        call = Call(request, _list_audit_rows.parse, secured=True)
        return await self._caller(call)

    async def verify_audit_logs(
        self,
        *,
        cursor: str | Unset = UNSET,
    ) -> AuditVerification:
        """Verify the audit logs.

        Finds rows that were changed, removed, moved or inserted. One request takes some seconds; while there are more
        rows to verify, the response has a `next_cursor` for the next request. If a service does not respond,
        `missing` names it, the other logs are verified, and `next_cursor` continues with its log: send it when the
        service is back.

        Args:
            cursor: The `next_cursor` of the response before: the verification continues there. Without it, it begins with
                the first rows.
        """

        return (
            await self.verify_audit_logs_response(
                cursor=cursor,
            )
        ).data

    async def verify_audit_logs_response(
        self,
        *,
        cursor: str | Unset = UNSET,
    ) -> Response[AuditVerification]:
        """Does what `verify_audit_logs` does, and returns the headers of the response as well."""

        request = _verify_audit_logs.request(
            cursor=cursor,
        )
        call = Call(request, _verify_audit_logs.parse, secured=True)
        return await self._caller(call)

    async def list_dead_letters(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"] | Unset = UNSET,
    ) -> DeadLetterPage:
        """List events that could not be handled.

        By service, and the latest first within a service. If a service does not respond, `missing` names it, and the
        page has the letters of the others. The next pages ask it again, so the last page has its letters, or the list
        ends with 503.

        Args:
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
            service: Only the letters of this service.
        """

        return (
            await self.list_dead_letters_response(
                cursor=cursor,
                limit=limit,
                service=service,
            )
        ).data

    async def list_dead_letters_response(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"] | Unset = UNSET,
    ) -> Response[DeadLetterPage]:
        """Does what `list_dead_letters` does, and returns the headers of the response as well."""

        request = _list_dead_letters.request(
            cursor=cursor,
            limit=limit,
            service=service,
        )
        call = Call(request, _list_dead_letters.parse, secured=True)
        return await self._caller(call)

    async def replay_dead_letters(
        self,
        body: ReplayRequest,
    ) -> ReplayCount:
        """Handle several events again.

        At most 1,000 at once, those first that have been dead for the longest time. The services handle them shortly.

        Args:
            body: The letters to replay.
        """

        return (
            await self.replay_dead_letters_response(
                body,
            )
        ).data

    async def replay_dead_letters_response(
        self,
        body: ReplayRequest,
    ) -> Response[ReplayCount]:
        """Does what `replay_dead_letters` does, and returns the headers of the response as well."""

        request = _replay_dead_letters.request(
            body,
        )
        call = Call(request, _replay_dead_letters.parse, secured=True)
        return await self._caller(call)

    async def get_dead_letter(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> DeadLetter:
        """Get an event that could not be handled.


        Args:
            service: The service that could not handle it.
            id: The id of the event.
        """

        return (
            await self.get_dead_letter_response(
                service,
                id,
            )
        ).data

    async def get_dead_letter_response(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> Response[DeadLetter]:
        """Does what `get_dead_letter` does, and returns the headers of the response as well."""

        request = _get_dead_letter.request(
            service,
            id,
        )
        call = Call(request, _get_dead_letter.parse, secured=True)
        return await self._caller(call)

    async def discard_dead_letter(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> None:
        """Discard an event.

        The audit log keeps who discarded it.

        Args:
            service: The service that could not handle it.
            id: The id of the event.
        """

        return (
            await self.discard_dead_letter_response(
                service,
                id,
            )
        ).data

    async def discard_dead_letter_response(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> Response[None]:
        """Does what `discard_dead_letter` does, and returns the headers of the response as well."""

        request = _discard_dead_letter.request(
            service,
            id,
        )
        call = Call(request, _discard_dead_letter.parse, secured=True)
        return await self._caller(call)

    async def replay_dead_letter(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> ReplayCount:
        """Handle an event again.

        With all its attempts. The service handles it shortly.

        Args:
            service: The service that could not handle it.
            id: The id of the event.
        """

        return (
            await self.replay_dead_letter_response(
                service,
                id,
            )
        ).data

    async def replay_dead_letter_response(
        self,
        service: Literal["notifications"] | Literal["orders"] | Literal["payments"],
        id: str,
    ) -> Response[ReplayCount]:
        """Does what `replay_dead_letter` does, and returns the headers of the response as well."""

        request = _replay_dead_letter.request(
            service,
            id,
        )
        call = Call(request, _replay_dead_letter.parse, secured=True)
        return await self._caller(call)

    async def get_health(
        self,
    ) -> HealthReport:
        """Get the state of every service and its parts.

        For people and monitoring: which database, key-value store, service or provider is away, and why. Always 200:
        the members `state` say how bad it is. A part that does not respond within two seconds is `unavailable`.
        Monitoring sends the token in the variable `metrics_token`, which works also while no access token can be
        checked.
        """

        return (await self.get_health_response()).data

    async def get_health_response(
        self,
    ) -> Response[HealthReport]:
        """Does what `get_health` does, and returns the headers of the response as well."""

        request = _get_health.request()
        call = Call(request, _get_health.parse, secured=True)
        return await self._caller(call)
