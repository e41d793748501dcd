"""The exceptions of this client. Where no response arrives, it passes on those of httpx."""

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx

from ._generated.models import FieldError, Problem
from ._generated.types import Unset


class SpindleError(Exception):
    """Every exception that this client defines."""


class ProblemError(SpindleError):
    """The API refused a request, or failed. `problem` has the details (RFC 9457)."""

    def __init__(self, problem: Problem, members: Mapping[str, Any], retry_after: float | None) -> None:
        super().__init__(problem, members, retry_after)
        self.problem = problem
        #: The whole body, for `from_dict` of a problem with further members, such as `models.PriceChangedProblem`.
        self.members = members
        #: The seconds after which the request may succeed.
        self.retry_after = retry_after

    @property
    def type(self) -> str:
        """The type of the problem, a URI."""
        return self.problem.type_

    @property
    def name(self) -> str:
        """The last part of the type, such as `price-changed`."""
        return self.problem.type_.rsplit("/", 1)[-1]

    @property
    def status(self) -> int:
        """The status of the response."""
        return self.problem.status

    @property
    def request_id(self) -> str:
        """The id to quote when the problem is reported."""
        return self.problem.request_id

    @property
    def errors(self) -> Sequence[FieldError]:
        """Everything that is wrong with the request, each with its place."""
        return () if isinstance(self.problem.errors, Unset) else self.problem.errors

    def __str__(self) -> str:
        problem = self.problem
        places = [f"{place(error)}: {error.detail}" for error in self.errors]
        return "; ".join([f"{problem.status} {problem.title}: {problem.detail} ({problem.request_id})", *places])


class SessionEndedError(ProblemError):
    """The session has expired or was ended: log in again."""


class NotModifiedError(SpindleError):
    """The resource still has the version that was passed as `if_none_match`."""


class UnexpectedResponseError(SpindleError):
    """The response is none of this API: a proxy may have sent it, or `url` is wrong."""

    def __init__(self, response: httpx.Response, reason: str) -> None:
        super().__init__(f"{response.request.method} {response.request.url.path}: {response.status_code}, {reason}")
        self.response = response


def place(error: FieldError) -> str:
    """Returns what an error is about: a pointer into the body, a parameter or a header."""
    for name in (error.pointer, error.parameter, error.header):
        if not isinstance(name, Unset):
            return name
    return "request"


def error_of(response: httpx.Response, kind: type[ProblemError] = ProblemError) -> SpindleError:
    """Returns the exception for a response that is no success."""
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return NotModifiedError(f"{response.request.url.path} has not changed")
    if response.headers.get("Content-Type", "").partition(";")[0].strip() != "application/problem+json":
        return UnexpectedResponseError(response, "which is no problem (RFC 9457)")
    try:
        members = response.json()
        problem = Problem.from_dict(members)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return UnexpectedResponseError(response, f"whose body cannot be read: {error!r}")
    return kind(problem, members, retry_after(response))


def retry_after(response: httpx.Response) -> float | None:
    """Returns the seconds in `Retry-After`, which may have a date (RFC 9110, section 10.2.3)."""
    value = response.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None
