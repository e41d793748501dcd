"""The rules for requests that both clients share: authorise, send, wait, repeat.

Free of I/O: a flow is a generator of steps, which the client runs.
"""

import random
from collections.abc import Generator
from dataclasses import dataclass
from time import time
from typing import Any, TypeVar

import httpx

from ._call import Call, Response
from ._errors import ProblemError, SessionEndedError, UnexpectedResponseError, error_of, retry_after
from ._generated.api.auth import log_in, log_out, refresh_tokens
from ._generated.models import LoginRequest, RefreshTokenRequest
from ._session import Session, SessionStore

T = TypeVar("T")

REPEATABLE = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}
# The most seconds that a request waits for `Retry-After`; a longer one is for the caller to decide.
LONGEST_WAIT = 30.0
FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request; the result is the response, or an exception of httpx."""

    request: httpx.Request


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Exclusive:
    """Run the flow while no other exclusive one of this client runs."""

    flow: "Flow[None]"
    #: Whether the flow goes on although the task is cancelled.
    shielded: bool = False


Step = Send | Wait | Exclusive
# `Any` is the result of the step: a response for `Send`, and nothing for the others.
Flow = Generator[Step, Any, T]


class Requests:
    """The session of a client, and its rules for requests."""

    def __init__(self, http: httpx.Client | httpx.AsyncClient, store: SessionStore, retries: int) -> None:
        self.http = http
        self.store = store
        self.retries = retries
        self.session = store.load()

    def save(self, session: Session | None) -> None:
        """Stores the session, and uses it from now on."""
        try:
            self.store.save(session)
        finally:
            # Even if it cannot be stored: the refresh token before it is spent.
            self.session = session

    def call(self, call: Call[T]) -> Flow[Response[T]]:
        """Sends a call, and reads its response."""
        request = self.http.build_request(**call.request)
        response = yield from self.authorised(request) if call.secured else self.attempts(request)
        return Response(read(call, response), response.status_code, response.headers)

    def open_session(self, email: str, password: str) -> Flow[None]:
        """Logs in, and keeps the session."""
        request = log_in.request(LoginRequest(email=email, password=password))
        response = yield from self.call(Call(request, log_in.parse, secured=False))
        self.save(Session.from_tokens(response.data))

    def close_session(self) -> Flow[None]:
        """Forgets the session, and logs out."""
        session = self.session
        if session is None:
            return
        self.save(None)
        request = log_out.request(RefreshTokenRequest(refresh_token=session.refresh_token))
        yield from self.call(Call(request, log_out.parse, secured=False))

    def authorised(self, request: httpx.Request) -> Flow[httpx.Response]:
        """Sends a request with the access token, if there is one, and once more with a new one if it was refused."""
        session = yield from self.current(None)
        if session is None:
            return (yield from self.attempts(request))
        request.headers["Authorization"] = f"Bearer {session.access_token}"
        response = yield from self.attempts(request)
        if not is_token_refused(response):
            return response
        session = yield from self.current(session)
        if session is None:
            return response
        request.headers["Authorization"] = f"Bearer {session.access_token}"
        return (yield from self.attempts(request))

    def current(self, refused: Session | None) -> Flow[Session | None]:
        """Returns the session, whose tokens are replaced first if they expire soon or were refused."""
        if self.session is not None and is_old(self.session, refused):
            # Shielded, because the response with the new tokens must not be lost.
            yield Exclusive(self.refresh(refused), shielded=True)
        return self.session

    def refresh(self, refused: Session | None) -> Flow[None]:
        """Replaces the tokens, unless another call did so meanwhile. It is exclusive: the refresh token works once."""
        session = self.session
        if session is None or not is_old(session, refused):
            return
        tokens = RefreshTokenRequest(refresh_token=session.refresh_token)
        call = Call(refresh_tokens.request(tokens), refresh_tokens.parse, secured=False)
        try:
            # Repeated although it is a POST: for some seconds, the same refresh token returns the same new tokens.
            response = yield from self.attempts(self.http.build_request(**call.request), repeatable=True)
            if response.status_code == httpx.codes.UNAUTHORIZED:
                self.save(None)
                raise error_of(response, SessionEndedError)
            self.save(Session.from_tokens(read(call, response)))
        except SessionEndedError:
            raise
        except (ProblemError, httpx.TransportError):
            # The access token may still be good for the rest of its time.
            if refused is not None or session.expires_at <= time():
                raise

    def attempts(self, request: httpx.Request, *, repeatable: bool = False) -> Flow[httpx.Response]:
        """Sends a request, again and again if it is safe to repeat it and another attempt may succeed."""
        repeatable = repeatable or request.method in REPEATABLE or "Idempotency-Key" in request.headers
        for attempt in range(self.retries if repeatable else 0):
            delay = random.uniform(0.5, 1) * min(LONGEST_DELAY, FIRST_DELAY * 2**attempt)  # noqa: S311
            try:
                response: httpx.Response = yield Send(request)
            except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.TimeoutException):
                pass
            else:
                if not may_succeed_later(response):
                    return response
                wait = retry_after(response)
                if wait is not None and wait > LONGEST_WAIT:
                    return response
                delay = max(delay, wait or 0)
            yield Wait(delay)
        response = yield Send(request)
        return response


def is_old(session: Session, refused: Session | None) -> bool:
    """Returns whether the access token was refused, or expires soon."""
    if refused is not None:
        return session.access_token == refused.access_token
    return session.refresh_at <= time()


def is_token_refused(response: httpx.Response) -> bool:
    """Returns whether the access token is why a request was refused, and not a wrong password."""
    return response.status_code == httpx.codes.UNAUTHORIZED and "invalid_token" in response.headers.get(
        "WWW-Authenticate", ""
    )


def may_succeed_later(response: httpx.Response) -> bool:
    """Returns whether another attempt may succeed: after a limit, a failure, or the first attempt that still runs."""
    match response.status_code:
        case 429 | 500 | 502 | 503 | 504:
            return True
        case 409:
            error = error_of(response)
            return isinstance(error, ProblemError) and error.name == "idempotency-key-in-flight"
        case _:
            return False


def read(call: Call[T], response: httpx.Response) -> T:
    """Returns the body of a success.

    Raises:
        SpindleError: If it is none, or cannot be read.
    """
    if not response.is_success:
        raise error_of(response)
    try:
        return call.parse(response)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnexpectedResponseError(response, f"whose body cannot be read: {error!r}") from error
