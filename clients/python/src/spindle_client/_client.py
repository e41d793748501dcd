"""The clients, which run the steps of the flows with httpx: one for threads, one for asyncio and trio."""

import threading
import time
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import anyio
import httpx

from ._call import Call, Response
from ._flow import Exclusive, Flow, Requests, Send, Wait
from ._generated.api import AsyncOperations, Operations
from ._generated.models import OrderTimeline, RegisteredUser, RegisterRequest
from ._orders import OrderUpdate, Pace
from ._session import MemorySessionStore, Session, SessionStore

T = TypeVar("T")

VERSION = "0.1.0"


class Spindle(Operations):
    """The API at `url`. Threads may share it.

    Operations are grouped by service: `spindle.orders.place_order(...)`. A session refreshes itself.

    Args:
        url: The origin of the platform, such as `http://127.0.0.1:3000`.
        session_store: Keeps the session; in memory by default.
        retries: How often a request is sent again that may be repeated: a GET, PUT, DELETE, or one with a key.
        timeout: The seconds for each step of a request: connect, send, receive.
        transport: Another transport of httpx, for a proxy or a test.
    """

    def __init__(
        self,
        url: str,
        *,
        session_store: SessionStore | None = None,
        retries: int = 3,
        timeout: float = 30,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(self._send)
        self._http = httpx.Client(base_url=url, headers=_headers(), timeout=timeout, transport=transport)
        self._requests = Requests(self._http, session_store or MemorySessionStore(), retries)
        self._lock = threading.Lock()

    @property
    def session(self) -> Session | None:
        """The session; `None` if no user is logged in."""
        return self._requests.session

    def log_in(self, email: str, password: str) -> Session:
        """Opens a session, with which all further calls are sent."""
        self._run(Exclusive(self._requests.open_session(email, password)))
        return _opened(self.session)

    def register(self, email: str, password: str, *, display_name: str | None = None) -> RegisteredUser:
        """Registers a customer, and logs them in."""
        user = self.auth.register(_registration(email, password, display_name))
        self.log_in(email, password)
        return user

    def log_out(self) -> None:
        """Ends the session. It is forgotten here even if the request fails."""
        self._run(Exclusive(self._requests.close_session()))

    def watch_order(self, id: UUID, *, timeout: float | None = None) -> Iterator[OrderUpdate]:  # noqa: A002
        """Yields an order and its timeline, now and after each change, until it is final.

        Raises:
            TimeoutError: If it is not final after `timeout` seconds.
        """
        pace, seen, end = Pace(), None, _end(timeout)
        while True:
            timeline: OrderTimeline = self.orders.get_order_timeline(id)
            if timeline != seen:
                update = OrderUpdate(self.orders.get_order(id), timeline)
                yield update
                if update.is_final:
                    return
                seen = timeline
                pace.changed()
            time.sleep(_delay(pace, end))

    def close(self) -> None:
        """Closes the connections. The session goes on, and can be opened from its store."""
        self._http.close()

    def __enter__(self) -> Self:
        """Returns the client, which is closed at the end of the block."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Closes the connections."""
        self.close()

    def __repr__(self) -> str:
        """Returns the address and the user, and no token."""
        return _repr(self, self._http.base_url, self.session)

    def _send(self, call: Call[T]) -> Response[T]:
        return self._run_flow(self._requests.call(call))

    def _run_flow(self, flow: Flow[T]) -> T:
        result: Any = None
        try:
            step = next(flow)
            while True:
                try:
                    result = self._run(step)
                except Exception as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            value: T = end.value
            return value

    def _run(self, step: Send | Wait | Exclusive) -> httpx.Response | None:
        match step:
            case Send(request):
                return self._http.send(request)
            case Wait(seconds):
                time.sleep(seconds)
            case Exclusive(flow):
                with self._lock:
                    self._run_flow(flow)
        return None


class AsyncSpindle(AsyncOperations):
    """The API at `url`, for asyncio and trio. Tasks may share it. The parameters are those of `Spindle`."""

    def __init__(
        self,
        url: str,
        *,
        session_store: SessionStore | None = None,
        retries: int = 3,
        timeout: float = 30,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(self._send)
        self._http = httpx.AsyncClient(base_url=url, headers=_headers(), timeout=timeout, transport=transport)
        self._requests = Requests(self._http, session_store or MemorySessionStore(), retries)
        self._lock = anyio.Lock()

    @property
    def session(self) -> Session | None:
        """The session; `None` if no user is logged in."""
        return self._requests.session

    async def log_in(self, email: str, password: str) -> Session:
        """Opens a session, with which all further calls are sent."""
        await self._run(Exclusive(self._requests.open_session(email, password)))
        return _opened(self.session)

    async def register(self, email: str, password: str, *, display_name: str | None = None) -> RegisteredUser:
        """Registers a customer, and logs them in."""
        user = await self.auth.register(_registration(email, password, display_name))
        await self.log_in(email, password)
        return user

    async def log_out(self) -> None:
        """Ends the session. It is forgotten here even if the request fails."""
        await self._run(Exclusive(self._requests.close_session()))

    async def watch_order(self, id: UUID, *, timeout: float | None = None) -> AsyncIterator[OrderUpdate]:  # noqa: A002
        """Yields an order and its timeline, now and after each change, until it is final.

        Raises:
            TimeoutError: If it is not final after `timeout` seconds.
        """
        pace, seen, end = Pace(), None, _end(timeout)
        while True:
            timeline: OrderTimeline = await self.orders.get_order_timeline(id)
            if timeline != seen:
                update = OrderUpdate(await self.orders.get_order(id), timeline)
                yield update
                if update.is_final:
                    return
                seen = timeline
                pace.changed()
            await anyio.sleep(_delay(pace, end))

    async def aclose(self) -> None:
        """Closes the connections. The session goes on, and can be opened from its store."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Returns the client, which is closed at the end of the block."""
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Closes the connections."""
        await self.aclose()

    def __repr__(self) -> str:
        """Returns the address and the user, and no token."""
        return _repr(self, self._http.base_url, self.session)

    async def _send(self, call: Call[T]) -> Response[T]:
        return await self._run_flow(self._requests.call(call))

    async def _run_flow(self, flow: Flow[T]) -> T:
        result: Any = None
        try:
            step = next(flow)
            while True:
                try:
                    result = await self._run(step)
                except Exception as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            value: T = end.value
            return value

    async def _run(self, step: Send | Wait | Exclusive) -> httpx.Response | None:
        match step:
            case Send(request):
                return await self._http.send(request)
            case Wait(seconds):
                await anyio.sleep(seconds)
            case Exclusive(flow, shielded):
                async with self._lock:
                    with anyio.CancelScope(shield=shielded):
                        await self._run_flow(flow)
        return None


def _headers() -> dict[str, str]:
    return {"Accept": "application/json, application/problem+json", "User-Agent": f"spindle-client-python/{VERSION}"}


def _registration(email: str, password: str, display_name: str | None) -> RegisterRequest:
    return RegisterRequest(email=email, password=password, display_name=display_name)


def _opened(session: Session | None) -> Session:
    if session is None:
        raise RuntimeError("another thread or task logged out at once")
    return session


def _end(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _delay(pace: Pace, end: float | None) -> float:
    delay = pace.next()
    if end is None:
        return delay
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the order is not final yet")
    return min(delay, left)


def _repr(client: object, url: httpx.URL, session: Session | None) -> str:
    user = session.user.email if session else None
    return f"{type(client).__name__}(url={str(url)!r}, user={user!r})"
