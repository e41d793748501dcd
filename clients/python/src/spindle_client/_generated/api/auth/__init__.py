from typing import Any, Literal, cast
from uuid import UUID

from spindle_client._call import AsyncCaller, Call, Caller, Response
from spindle_client._call import idempotency_key as _idempotency_key

from ...models.accept_request import AcceptRequest
from ...models.change_password_request import ChangePasswordRequest
from ...models.identity import Identity
from ...models.jwk_set import JwkSet
from ...models.key_rotation import KeyRotation
from ...models.login_request import LoginRequest
from ...models.refresh_token_request import RefreshTokenRequest
from ...models.register_request import RegisterRequest
from ...models.registered_user import RegisteredUser
from ...models.session_page import SessionPage
from ...models.token_response import TokenResponse
from ...types import UNSET, Unset
from . import accept_invitation as _accept_invitation
from . import change_password as _change_password
from . import end_session as _end_session
from . import end_sessions as _end_sessions
from . import get_key_set as _get_key_set
from . import list_sessions as _list_sessions
from . import log_in as _log_in
from . import log_out as _log_out
from . import refresh_tokens as _refresh_tokens
from . import register as _register
from . import rotate_key as _rotate_key


class Auth:
    """The operations of `auth`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_key_set(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> JwkSet:
        """Get the keys that verify access tokens.

        A JWK Set (RFC 7517). Fetch it again when a token names a key that is not in it.

        Args:
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return self.get_key_set_response(
            if_match=if_match,
            if_none_match=if_none_match,
        ).data

    def get_key_set_response(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[JwkSet]:
        """Does what `get_key_set` does, and returns the headers of the response as well."""

        request = _get_key_set.request(
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_key_set.parse, secured=False)
        return self._caller(call)

    def rotate_key(
        self,
    ) -> KeyRotation:
        """Rotate the signing key.

        A new key signs access tokens. The key that signed until then stays in the key set until the last token that
        it signed has expired.
        """

        return self.rotate_key_response().data

    def rotate_key_response(
        self,
    ) -> Response[KeyRotation]:
        """Does what `rotate_key` does, and returns the headers of the response as well."""

        request = _rotate_key.request()
        call = Call(request, _rotate_key.parse, secured=True)
        return self._caller(call)

    def accept_invitation(
        self,
        body: AcceptRequest,
    ) -> Identity:
        """Set the first password.

        A user whom an admin has created sets the first password with the token of the invitation, and can log in.

        Args:
            body: The acceptance of an invitation.
        """

        return self.accept_invitation_response(
            body,
        ).data

    def accept_invitation_response(
        self,
        body: AcceptRequest,
    ) -> Response[Identity]:
        """Does what `accept_invitation` does, and returns the headers of the response as well."""

        request = _accept_invitation.request(
            body,
        )
        call = Call(request, _accept_invitation.parse, secured=False)
        return self._caller(call)

    def log_in(
        self,
        body: LoginRequest,
    ) -> TokenResponse:
        """Log in.

        Opens a session. The response is the same whether the address has an account or not. Five wrong passwords
        within fifteen minutes lock the account for fifteen minutes.

        Args:
            body: A log-in.
        """

        return self.log_in_response(
            body,
        ).data

    def log_in_response(
        self,
        body: LoginRequest,
    ) -> Response[TokenResponse]:
        """Does what `log_in` does, and returns the headers of the response as well."""

        request = _log_in.request(
            body,
        )
        call = Call(request, _log_in.parse, secured=False)
        return self._caller(call)

    def log_out(
        self,
        body: RefreshTokenRequest,
    ) -> None:
        """Log out.

        Ends the session of the refresh token. A token without a session is no error (RFC 7009, section 2.2).

        Args:
            body: A refresh token.
        """

        return self.log_out_response(
            body,
        ).data

    def log_out_response(
        self,
        body: RefreshTokenRequest,
    ) -> Response[None]:
        """Does what `log_out` does, and returns the headers of the response as well."""

        request = _log_out.request(
            body,
        )
        call = Call(request, _log_out.parse, secured=False)
        return self._caller(call)

    def change_password(
        self,
        body: ChangePasswordRequest,
    ) -> None:
        """Change the own password.

        Ends the other sessions of the user, who gets a message about it. Wrong current passwords count as failed log-
        ins.

        Args:
            body: A change of the password.
        """

        return self.change_password_response(
            body,
        ).data

    def change_password_response(
        self,
        body: ChangePasswordRequest,
    ) -> Response[None]:
        """Does what `change_password` does, and returns the headers of the response as well."""

        request = _change_password.request(
            body,
        )
        call = Call(request, _change_password.parse, secured=True)
        return self._caller(call)

    def refresh_tokens(
        self,
        body: RefreshTokenRequest,
    ) -> TokenResponse:
        """Exchange a refresh token for new tokens.

        A refresh token can be exchanged once. If one that was exchanged is sent again, its session ends, since two
        clients have it; only a repetition within a few seconds gets the same new token.

        Args:
            body: A refresh token.
        """

        return self.refresh_tokens_response(
            body,
        ).data

    def refresh_tokens_response(
        self,
        body: RefreshTokenRequest,
    ) -> Response[TokenResponse]:
        """Does what `refresh_tokens` does, and returns the headers of the response as well."""

        request = _refresh_tokens.request(
            body,
        )
        call = Call(request, _refresh_tokens.parse, secured=False)
        return self._caller(call)

    def register(
        self,
        body: RegisterRequest,
    ) -> RegisteredUser:
        """Register as a customer.

        Log in afterwards. Common passwords and those that repeat a short text are refused.

        Args:
            body: A registration.
        """

        return self.register_response(
            body,
        ).data

    def register_response(
        self,
        body: RegisterRequest,
    ) -> Response[RegisteredUser]:
        """Does what `register` does, and returns the headers of the response as well."""

        request = _register.request(
            body,
        )
        call = Call(request, _register.parse, secured=False)
        return self._caller(call)

    def list_sessions(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> SessionPage:
        """List the own sessions.

        The oldest session comes first. Sessions that have ended are not listed.

        Args:
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
        """

        return self.list_sessions_response(
            cursor=cursor,
            limit=limit,
        ).data

    def list_sessions_response(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Response[SessionPage]:
        """Does what `list_sessions` does, and returns the headers of the response as well."""

        request = _list_sessions.request(
            cursor=cursor,
            limit=limit,
        )
        call = Call(request, _list_sessions.parse, secured=True)
        return self._caller(call)

    def end_sessions(
        self,
    ) -> None:
        """End all own sessions.

        Ends the session of the request as well.
        """

        return self.end_sessions_response().data

    def end_sessions_response(
        self,
    ) -> Response[None]:
        """Does what `end_sessions` does, and returns the headers of the response as well."""

        request = _end_sessions.request()
        call = Call(request, _end_sessions.parse, secured=True)
        return self._caller(call)

    def end_session(
        self,
        id: UUID,
    ) -> None:
        """End an own session.

        Its refresh token is not valid any more, and its access tokens are refused by every operation that changes
        something.

        Args:
            id: The `id` of the resource.
        """

        return self.end_session_response(
            id,
        ).data

    def end_session_response(
        self,
        id: UUID,
    ) -> Response[None]:
        """Does what `end_session` does, and returns the headers of the response as well."""

        request = _end_session.request(
            id,
        )
        call = Call(request, _end_session.parse, secured=True)
        return self._caller(call)


class AsyncAuth:
    """The operations of `auth`."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get_key_set(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> JwkSet:
        """Get the keys that verify access tokens.

        A JWK Set (RFC 7517). Fetch it again when a token names a key that is not in it.

        Args:
            if_match: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
            if_none_match: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current
                one, the response is 304. Anything else is ignored.
        """

        return (
            await self.get_key_set_response(
                if_match=if_match,
                if_none_match=if_none_match,
            )
        ).data

    async def get_key_set_response(
        self,
        *,
        if_match: str | Unset = UNSET,
        if_none_match: str | Unset = UNSET,
    ) -> Response[JwkSet]:
        """Does what `get_key_set` does, and returns the headers of the response as well."""

        request = _get_key_set.request(
            if_match=if_match,
            if_none_match=if_none_match,
        )
        call = Call(request, _get_key_set.parse, secured=False)
        return await self._caller(call)

    async def rotate_key(
        self,
    ) -> KeyRotation:
        """Rotate the signing key.

        A new key signs access tokens. The key that signed until then stays in the key set until the last token that
        it signed has expired.
        """

        return (await self.rotate_key_response()).data

    async def rotate_key_response(
        self,
    ) -> Response[KeyRotation]:
        """Does what `rotate_key` does, and returns the headers of the response as well."""

        request = _rotate_key.request()
        call = Call(request, _rotate_key.parse, secured=True)
        return await self._caller(call)

    async def accept_invitation(
        self,
        body: AcceptRequest,
    ) -> Identity:
        """Set the first password.

        A user whom an admin has created sets the first password with the token of the invitation, and can log in.

        Args:
            body: The acceptance of an invitation.
        """

        return (
            await self.accept_invitation_response(
                body,
            )
        ).data

    async def accept_invitation_response(
        self,
        body: AcceptRequest,
    ) -> Response[Identity]:
        """Does what `accept_invitation` does, and returns the headers of the response as well."""

        request = _accept_invitation.request(
            body,
        )
        call = Call(request, _accept_invitation.parse, secured=False)
        return await self._caller(call)

    async def log_in(
        self,
        body: LoginRequest,
    ) -> TokenResponse:
        """Log in.

        Opens a session. The response is the same whether the address has an account or not. Five wrong passwords
        within fifteen minutes lock the account for fifteen minutes.

        Args:
            body: A log-in.
        """

        return (
            await self.log_in_response(
                body,
            )
        ).data

    async def log_in_response(
        self,
        body: LoginRequest,
    ) -> Response[TokenResponse]:
        """Does what `log_in` does, and returns the headers of the response as well."""

        request = _log_in.request(
            body,
        )
        call = Call(request, _log_in.parse, secured=False)
        return await self._caller(call)

    async def log_out(
        self,
        body: RefreshTokenRequest,
    ) -> None:
        """Log out.

        Ends the session of the refresh token. A token without a session is no error (RFC 7009, section 2.2).

        Args:
            body: A refresh token.
        """

        return (
            await self.log_out_response(
                body,
            )
        ).data

    async def log_out_response(
        self,
        body: RefreshTokenRequest,
    ) -> Response[None]:
        """Does what `log_out` does, and returns the headers of the response as well."""

        request = _log_out.request(
            body,
        )
        call = Call(request, _log_out.parse, secured=False)
        return await self._caller(call)

    async def change_password(
        self,
        body: ChangePasswordRequest,
    ) -> None:
        """Change the own password.

        Ends the other sessions of the user, who gets a message about it. Wrong current passwords count as failed log-
        ins.

        Args:
            body: A change of the password.
        """

        return (
            await self.change_password_response(
                body,
            )
        ).data

    async def change_password_response(
        self,
        body: ChangePasswordRequest,
    ) -> Response[None]:
        """Does what `change_password` does, and returns the headers of the response as well."""

        request = _change_password.request(
            body,
        )
        call = Call(request, _change_password.parse, secured=True)
        return await self._caller(call)

    async def refresh_tokens(
        self,
        body: RefreshTokenRequest,
    ) -> TokenResponse:
        """Exchange a refresh token for new tokens.

        A refresh token can be exchanged once. If one that was exchanged is sent again, its session ends, since two
        clients have it; only a repetition within a few seconds gets the same new token.

        Args:
            body: A refresh token.
        """

        return (
            await self.refresh_tokens_response(
                body,
            )
        ).data

    async def refresh_tokens_response(
        self,
        body: RefreshTokenRequest,
    ) -> Response[TokenResponse]:
        """Does what `refresh_tokens` does, and returns the headers of the response as well."""

        request = _refresh_tokens.request(
            body,
        )
        call = Call(request, _refresh_tokens.parse, secured=False)
        return await self._caller(call)

    async def register(
        self,
        body: RegisterRequest,
    ) -> RegisteredUser:
        """Register as a customer.

        Log in afterwards. Common passwords and those that repeat a short text are refused.

        Args:
            body: A registration.
        """

        return (
            await self.register_response(
                body,
            )
        ).data

    async def register_response(
        self,
        body: RegisterRequest,
    ) -> Response[RegisteredUser]:
        """Does what `register` does, and returns the headers of the response as well."""

        request = _register.request(
            body,
        )
        call = Call(request, _register.parse, secured=False)
        return await self._caller(call)

    async def list_sessions(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> SessionPage:
        """List the own sessions.

        The oldest session comes first. Sessions that have ended are not listed.

        Args:
            cursor: The `next_cursor` of the page before.
            limit: The number of items on the page; 20 without it.
        """

        return (
            await self.list_sessions_response(
                cursor=cursor,
                limit=limit,
            )
        ).data

    async def list_sessions_response(
        self,
        *,
        cursor: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Response[SessionPage]:
        """Does what `list_sessions` does, and returns the headers of the response as well."""

        request = _list_sessions.request(
            cursor=cursor,
            limit=limit,
        )
        call = Call(request, _list_sessions.parse, secured=True)
        return await self._caller(call)

    async def end_sessions(
        self,
    ) -> None:
        """End all own sessions.

        Ends the session of the request as well.
        """

        return (await self.end_sessions_response()).data

    async def end_sessions_response(
        self,
    ) -> Response[None]:
        """Does what `end_sessions` does, and returns the headers of the response as well."""

        request = _end_sessions.request()
        call = Call(request, _end_sessions.parse, secured=True)
        return await self._caller(call)

    async def end_session(
        self,
        id: UUID,
    ) -> None:
        """End an own session.

        Its refresh token is not valid any more, and its access tokens are refused by every operation that changes
        something.

        Args:
            id: The `id` of the resource.
        """

        return (
            await self.end_session_response(
                id,
            )
        ).data

    async def end_session_response(
        self,
        id: UUID,
    ) -> Response[None]:
        """Does what `end_session` does, and returns the headers of the response as well."""

        request = _end_session.request(
            id,
        )
        call = Call(request, _end_session.parse, secured=True)
        return await self._caller(call)
