"""One HTTP POST over WASI HTTP. Each wait ends with the response or at the deadline, whichever comes first."""

import json
from urllib.parse import urlsplit

from componentize_py_types import Err, Ok
from wit_world.imports import monotonic_clock, outgoing_handler, poll, streams, types

from settings import setting

# The longest duration of a POST: the interface allows ten seconds for a whole call.
TIMEOUT_NANOS = 9_000_000_000

# How many bytes of a response are read.
MAX_RESPONSE = 16 * 1024


class NoAnswer(Exception):
    """There was no response in time, or no valid endpoint. Another attempt may succeed."""


def is_later(status: int) -> bool:
    """Returns whether a request with this status may succeed at another attempt."""
    return status in (408, 425, 429) or status >= 500


def identifier(answer: bytes) -> str:
    """Returns the id in the response of the service, up to 255 characters; empty if it has none."""
    try:
        identifier = json.loads(answer)["id"]
        return identifier[:255] if isinstance(identifier, str) else ""
    except (ValueError, KeyError, TypeError):
        return ""


def post(key: str, body: object, headers: dict[str, str]) -> tuple[int, bytes]:
    """Posts JSON to the URL in the variable `endpoint`. Returns the status and up to 16 KiB of the body.

    Redirects are not followed.
    """
    url = setting("endpoint")
    if not url.startswith("https://") and setting("allow_private") != "true":
        raise NoAnswer("not configured: `endpoint` must begin with https://")
    content = json.dumps(body).encode()
    fixed = {"content-type": "application/json", "content-length": str(len(content)), "idempotency-key": key}
    try:
        with monotonic_clock.subscribe_duration(TIMEOUT_NANOS) as deadline:
            return _exchange(url, headers | fixed, content, deadline)
    except Err as error:
        raise NoAnswer(f"no response: {type(error.value).__name__.removeprefix('ErrorCode_')}") from error


def _exchange(url: str, headers: dict[str, str], body: bytes, deadline: poll.Pollable) -> tuple[int, bytes]:
    request = _request(url, headers)
    outgoing = request.body()
    pending = outgoing_handler.handle(request, None)
    with outgoing.write() as stream:
        _write(stream, body, deadline)
    types.OutgoingBody.finish(outgoing, None)
    with pending, pending.subscribe() as answered:
        _wait(answered, deadline)
        match pending.get():
            case Ok(Ok(response)):
                with response:
                    return response.status(), _read(response, deadline)
            case Ok(Err(code)):
                raise Err(code)
            case _:
                raise NoAnswer("no response")


def _request(url: str, headers: dict[str, str]) -> types.OutgoingRequest:
    parts = urlsplit(url)
    fields = types.Fields.from_list([(name, value.encode()) for name, value in headers.items()])
    request = types.OutgoingRequest(fields)
    request.set_method(types.Method_Post())
    request.set_scheme(types.Scheme_Http() if parts.scheme == "http" else types.Scheme_Https())
    request.set_authority(parts.netloc)
    request.set_path_with_query((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return request


def _write(stream: streams.OutputStream, body: bytes, deadline: poll.Pollable) -> None:
    try:
        while body:
            room = stream.check_write()
            if room == 0:
                _wait_for(stream, deadline)
            stream.write(body[:room])
            body = body[room:]
        stream.flush()
        _wait_for(stream, deadline)
    except Err:
        # A server that stops reading gives the reason in its response.
        pass


def _read(response: types.IncomingResponse, deadline: poll.Pollable) -> bytes:
    """Reads the part of the body that arrives in time. A part is enough: the status has already arrived."""
    answer = b""
    try:
        with response.consume() as body, body.stream() as stream:
            while len(answer) < MAX_RESPONSE:
                _wait_for(stream, deadline)
                answer += stream.read(MAX_RESPONSE)
    except (Err, NoAnswer):
        pass
    return answer


def _wait_for(stream: streams.InputStream | streams.OutputStream, deadline: poll.Pollable) -> None:
    with stream.subscribe() as ready:
        _wait(ready, deadline)


def _wait(ready: poll.Pollable, deadline: poll.Pollable) -> None:
    if 0 not in poll.poll([ready, deadline]):
        raise NoAnswer("no response in time")
