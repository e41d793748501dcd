"""Client of the commerce back end Spindle: `Spindle` for threads, `AsyncSpindle` for asyncio and trio."""

from . import models
from ._call import Response, idempotency_key
from ._client import AsyncSpindle, Spindle
from ._errors import NotModifiedError, ProblemError, SessionEndedError, SpindleError, UnexpectedResponseError
from ._generated.types import UNSET, Unset
from ._orders import OrderUpdate
from ._pages import paginate, paginate_async
from ._session import MemorySessionStore, Session, SessionStore

__all__ = [
    "UNSET",
    "AsyncSpindle",
    "MemorySessionStore",
    "NotModifiedError",
    "OrderUpdate",
    "ProblemError",
    "Response",
    "Session",
    "SessionEndedError",
    "SessionStore",
    "Spindle",
    "SpindleError",
    "UnexpectedResponseError",
    "Unset",
    "idempotency_key",
    "models",
    "paginate",
    "paginate_async",
]
