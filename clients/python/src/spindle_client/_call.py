"""A call of an operation, and its response."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import httpx

T = TypeVar("T")


def idempotency_key() -> str:
    """Returns a new key for one intention."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A call of an operation: the request, and the function that reads the body of a success."""

    # Not shown: a body may have a password.
    request: dict[str, Any] = field(repr=False)
    parse: Callable[[httpx.Response], T]
    secured: bool


@dataclass(frozen=True, slots=True)
class Response(Generic[T]):
    """A successful response with its headers. `data` is what the operation returns without `_response`."""

    data: T = field(repr=False)
    status: int
    headers: httpx.Headers = field(repr=False)

    @property
    def etag(self) -> str | None:
        """The version of the resource, for `if_match` and `if_none_match`."""
        etag: str | None = self.headers.get("ETag")
        return etag


class Caller(Protocol):
    """Sends calls."""

    def __call__(self, call: Call[T], /) -> Response[T]:
        """Sends a call, and returns its response."""
        ...


class AsyncCaller(Protocol):
    """Sends calls."""

    async def __call__(self, call: Call[T], /) -> Response[T]:
        """Sends a call, and returns its response."""
        ...
