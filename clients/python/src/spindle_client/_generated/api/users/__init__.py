from typing import Any, Literal, cast
from uuid import UUID

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.erasure import Erasure
from ...models.export import Export
from ...models.invitation import Invitation
from ...models.invited_user import InvitedUser
from ...models.new_user import NewUser
from ...models.user import User
from ...models.user_page import UserPage
from ...models.user_patch import UserPatch
from ...types import UNSET, Unset
from . import change_own_user as _change_own_user
from . import change_user as _change_user
from . import create_user as _create_user
from . import deactivate_user as _deactivate_user
from . import erase_own_user as _erase_own_user
from . import erase_user as _erase_user
from . import export_own_user as _export_own_user
from . import get_erasure as _get_erasure
from . import get_own_user as _get_own_user
from . import get_user as _get_user
from . import invite_user as _invite_user
from . import list_users as _list_users
from . import reactivate_user as _reactivate_user


class Users:
    """The operations of `users`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list_users(
        self,
        *,
        collides: Literal["true"] | Unset = UNSET,
        cursor: str | Unset = UNSET,
        email: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> UserPage:
        """List users.

        The oldest user comes first. Erased users are not listed.

        Args:
            collides: Only users whose e-mail addresses are also another user's, which accounts of earlier releases may be.
            cursor: The `next_cursor` of the page before.
            email: Only the user with this e-mail address, in any spelling.
            limit: The number of items on the page; 20 without it.
        """

        return self.list_users_response(
            collides=collides,
            cursor=cursor,
            email=email,
            limit=limit,
        ).data

    def list_users_response(
        self,
        *,
        collides: Literal["true"] | Unset = UNSET,
        cursor: str | Unset = UNSET,
        email: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Response[UserPage]:
        """Does what `list_users` does, and returns the headers of the response as well."""

        request = _list_users.request(
            collides=collides,
            cursor=cursor,
            email=email,
            limit=limit,
        )
        call = Call(request, _list_users.parse, secured=True)
        return self._caller(call)

    def create_user(
        self,
        body: NewUser,
    ) -> InvitedUser:
        """Create a user.

        The user has no password yet: pass the invitation on, with which the user sets the first one (`POST
        /v1/auth/invitations/accept`). Customers register themselves (`POST /v1/auth/register`).

        Args:
            body: A new user. Everything but the e-mail address may be left out.
        """

        return self.create_user_response(
            body,
        ).data

    def create_user_response(
        self,
        body: NewUser,
    ) -> Response[InvitedUser]:
        """Does what `create_user` does, and returns the headers of the response as well."""

        request = _create_user.request(
            body,
        )
        call = Call(request, _create_user.parse, secured=True)
        return self._caller(call)

    def get_own_user(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Get the own user.


        Args:
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_own_user_response(
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_own_user_response(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `get_own_user` does, and returns the headers of the response as well."""

        request = _get_own_user.request(
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_own_user.parse, secured=True)
        return self._caller(call)

    def erase_own_user(
        self,
        *,
        if_match: str,
    ) -> None:
        """Erase the own user.

        Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET
        /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.

        Args:
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
        """

        return self.erase_own_user_response(
            if_match=if_match,
        ).data

    def erase_own_user_response(
        self,
        *,
        if_match: str,
    ) -> Response[None]:
        """Does what `erase_own_user` does, and returns the headers of the response as well."""

        request = _erase_own_user.request(
            if_match=if_match,
        )
        call = Call(request, _erase_own_user.parse, secured=True)
        return self._caller(call)

    def change_own_user(
        self,
        body: UserPatch,
        *,
        if_match: str,
    ) -> User:
        """Change the own user.

        A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no
        change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate
        class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users
        who are admins.

        Args:
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
            body: A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that
                may be empty.
        """

        return self.change_own_user_response(
            body,
            if_match=if_match,
        ).data

    def change_own_user_response(
        self,
        body: UserPatch,
        *,
        if_match: str,
    ) -> Response[User]:
        """Does what `change_own_user` does, and returns the headers of the response as well."""

        request = _change_own_user.request(
            body,
            if_match=if_match,
        )
        call = Call(request, _change_own_user.parse, secured=True)
        return self._caller(call)

    def export_own_user(
        self,
    ) -> Export:
        """Export everything that is kept about the caller.

        One document from all services, to be saved as a file. It has no `Content-Length`, and is complete if it is
        valid JSON: if a service fails while it is written, the connection ends early. Secrets and means of payment
        are not in it.
        """

        return self.export_own_user_response().data

    def export_own_user_response(
        self,
    ) -> Response[Export]:
        """Does what `export_own_user` does, and returns the headers of the response as well."""

        request = _export_own_user.request()
        call = Call(request, _export_own_user.parse, secured=True)
        return self._caller(call)

    def get_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Get a user.

        A customer gets the own user, an operator any.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_user_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `get_user` does, and returns the headers of the response as well."""

        request = _get_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_user.parse, secured=True)
        return self._caller(call)

    def erase_user(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> None:
        """Erase a user.

        Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET
        /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
        """

        return self.erase_user_response(
            id,
            if_match=if_match,
        ).data

    def erase_user_response(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> Response[None]:
        """Does what `erase_user` does, and returns the headers of the response as well."""

        request = _erase_user.request(
            id,
            if_match=if_match,
        )
        call = Call(request, _erase_user.parse, secured=True)
        return self._caller(call)

    def change_user(
        self,
        id: UUID,
        body: UserPatch,
        *,
        if_match: str,
    ) -> User:
        """Change a user.

        A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no
        change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate
        class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users
        who are admins.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
            body: A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that
                may be empty.
        """

        return self.change_user_response(
            id,
            body,
            if_match=if_match,
        ).data

    def change_user_response(
        self,
        id: UUID,
        body: UserPatch,
        *,
        if_match: str,
    ) -> Response[User]:
        """Does what `change_user` does, and returns the headers of the response as well."""

        request = _change_user.request(
            id,
            body,
            if_match=if_match,
        )
        call = Call(request, _change_user.parse, secured=True)
        return self._caller(call)

    def deactivate_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Deactivate a user.

        The sessions of the user end, and the user cannot log in. A user who is deactivated already stays as it is.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return self.deactivate_user_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def deactivate_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `deactivate_user` does, and returns the headers of the response as well."""

        request = _deactivate_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _deactivate_user.parse, secured=True)
        return self._caller(call)

    def get_erasure(
        self,
        id: UUID,
    ) -> Erasure:
        """Get the progress of an erasure.


        Args:
            id: The `id` of the resource.
        """

        return self.get_erasure_response(
            id,
        ).data

    def get_erasure_response(
        self,
        id: UUID,
    ) -> Response[Erasure]:
        """Does what `get_erasure` does, and returns the headers of the response as well."""

        request = _get_erasure.request(
            id,
        )
        call = Call(request, _get_erasure.parse, secured=True)
        return self._caller(call)

    def invite_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Invitation:
        """Invite a user again.

        Replaces the invitation of a user who has no password yet. An invitation has no address of its own: it is
        shown once.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return self.invite_user_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def invite_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Invitation]:
        """Does what `invite_user` does, and returns the headers of the response as well."""

        request = _invite_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _invite_user.parse, secured=True)
        return self._caller(call)

    def reactivate_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Reactivate a user.

        The user can log in again. A user who is active already stays as it is.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return self.reactivate_user_response(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def reactivate_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `reactivate_user` does, and returns the headers of the response as well."""

        request = _reactivate_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _reactivate_user.parse, secured=True)
        return self._caller(call)


class AsyncUsers:
    """The operations of `users`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def list_users(
        self,
        *,
        collides: Literal["true"] | Unset = UNSET,
        cursor: str | Unset = UNSET,
        email: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> UserPage:
        """List users.

        The oldest user comes first. Erased users are not listed.

        Args:
            collides: Only users whose e-mail addresses are also another user's, which accounts of earlier releases may be.
            cursor: The `next_cursor` of the page before.
            email: Only the user with this e-mail address, in any spelling.
            limit: The number of items on the page; 20 without it.
        """

        return (
            await self.list_users_response(
                collides=collides,
                cursor=cursor,
                email=email,
                limit=limit,
            )
        ).data

    async def list_users_response(
        self,
        *,
        collides: Literal["true"] | Unset = UNSET,
        cursor: str | Unset = UNSET,
        email: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Response[UserPage]:
        """Does what `list_users` does, and returns the headers of the response as well."""

        request = _list_users.request(
            collides=collides,
            cursor=cursor,
            email=email,
            limit=limit,
        )
        call = Call(request, _list_users.parse, secured=True)
        return await self._caller(call)

    async def create_user(
        self,
        body: NewUser,
    ) -> InvitedUser:
        """Create a user.

        The user has no password yet: pass the invitation on, with which the user sets the first one (`POST
        /v1/auth/invitations/accept`). Customers register themselves (`POST /v1/auth/register`).

        Args:
            body: A new user. Everything but the e-mail address may be left out.
        """

        return (
            await self.create_user_response(
                body,
            )
        ).data

    async def create_user_response(
        self,
        body: NewUser,
    ) -> Response[InvitedUser]:
        """Does what `create_user` does, and returns the headers of the response as well."""

        request = _create_user.request(
            body,
        )
        call = Call(request, _create_user.parse, secured=True)
        return await self._caller(call)

    async def get_own_user(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Get the own user.


        Args:
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_own_user_response(
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_own_user_response(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `get_own_user` does, and returns the headers of the response as well."""

        request = _get_own_user.request(
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_own_user.parse, secured=True)
        return await self._caller(call)

    async def erase_own_user(
        self,
        *,
        if_match: str,
    ) -> None:
        """Erase the own user.

        Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET
        /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.

        Args:
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
        """

        return (
            await self.erase_own_user_response(
                if_match=if_match,
            )
        ).data

    async def erase_own_user_response(
        self,
        *,
        if_match: str,
    ) -> Response[None]:
        """Does what `erase_own_user` does, and returns the headers of the response as well."""

        request = _erase_own_user.request(
            if_match=if_match,
        )
        call = Call(request, _erase_own_user.parse, secured=True)
        return await self._caller(call)

    async def change_own_user(
        self,
        body: UserPatch,
        *,
        if_match: str,
    ) -> User:
        """Change the own user.

        A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no
        change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate
        class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users
        who are admins.

        Args:
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
            body: A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that
                may be empty.
        """

        return (
            await self.change_own_user_response(
                body,
                if_match=if_match,
            )
        ).data

    async def change_own_user_response(
        self,
        body: UserPatch,
        *,
        if_match: str,
    ) -> Response[User]:
        """Does what `change_own_user` does, and returns the headers of the response as well."""

        request = _change_own_user.request(
            body,
            if_match=if_match,
        )
        call = Call(request, _change_own_user.parse, secured=True)
        return await self._caller(call)

    async def export_own_user(
        self,
    ) -> Export:
        """Export everything that is kept about the caller.

        One document from all services, to be saved as a file. It has no `Content-Length`, and is complete if it is
        valid JSON: if a service fails while it is written, the connection ends early. Secrets and means of payment
        are not in it.
        """

        return (await self.export_own_user_response()).data

    async def export_own_user_response(
        self,
    ) -> Response[Export]:
        """Does what `export_own_user` does, and returns the headers of the response as well."""

        request = _export_own_user.request()
        call = Call(request, _export_own_user.parse, secured=True)
        return await self._caller(call)

    async def get_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Get a user.

        A customer gets the own user, an operator any.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_user_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `get_user` does, and returns the headers of the response as well."""

        request = _get_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_user.parse, secured=True)
        return await self._caller(call)

    async def erase_user(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> None:
        """Erase a user.

        Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET
        /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
        """

        return (
            await self.erase_user_response(
                id,
                if_match=if_match,
            )
        ).data

    async def erase_user_response(
        self,
        id: UUID,
        *,
        if_match: str,
    ) -> Response[None]:
        """Does what `erase_user` does, and returns the headers of the response as well."""

        request = _erase_user.request(
            id,
            if_match=if_match,
        )
        call = Call(request, _erase_user.parse, secured=True)
        return await self._caller(call)

    async def change_user(
        self,
        id: UUID,
        body: UserPatch,
        *,
        if_match: str,
    ) -> User:
        """Change a user.

        A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no
        change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate
        class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users
        who are admins.

        Args:
            id: The `id` of the resource.
            if_match: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is
                refused if there is another by now.
            body: A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that
                may be empty.
        """

        return (
            await self.change_user_response(
                id,
                body,
                if_match=if_match,
            )
        ).data

    async def change_user_response(
        self,
        id: UUID,
        body: UserPatch,
        *,
        if_match: str,
    ) -> Response[User]:
        """Does what `change_user` does, and returns the headers of the response as well."""

        request = _change_user.request(
            id,
            body,
            if_match=if_match,
        )
        call = Call(request, _change_user.parse, secured=True)
        return await self._caller(call)

    async def deactivate_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Deactivate a user.

        The sessions of the user end, and the user cannot log in. A user who is deactivated already stays as it is.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return (
            await self.deactivate_user_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def deactivate_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `deactivate_user` does, and returns the headers of the response as well."""

        request = _deactivate_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _deactivate_user.parse, secured=True)
        return await self._caller(call)

    async def get_erasure(
        self,
        id: UUID,
    ) -> Erasure:
        """Get the progress of an erasure.


        Args:
            id: The `id` of the resource.
        """

        return (
            await self.get_erasure_response(
                id,
            )
        ).data

    async def get_erasure_response(
        self,
        id: UUID,
    ) -> Response[Erasure]:
        """Does what `get_erasure` does, and returns the headers of the response as well."""

        request = _get_erasure.request(
            id,
        )
        call = Call(request, _get_erasure.parse, secured=True)
        return await self._caller(call)

    async def invite_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Invitation:
        """Invite a user again.

        Replaces the invitation of a user who has no password yet. An invitation has no address of its own: it is
        shown once.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return (
            await self.invite_user_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def invite_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[Invitation]:
        """Does what `invite_user` does, and returns the headers of the response as well."""

        request = _invite_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _invite_user.parse, secured=True)
        return await self._caller(call)

    async def reactivate_user(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> User:
        """Reactivate a user.

        The user can log in again. A user who is active already stays as it is.

        Args:
            id: The `id` of the resource.
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
        """

        return (
            await self.reactivate_user_response(
                id,
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def reactivate_user_response(
        self,
        id: UUID,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[User]:
        """Does what `reactivate_user` does, and returns the headers of the response as well."""

        request = _reactivate_user.request(
            id,
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _reactivate_user.parse, secured=True)
        return await self._caller(call)
