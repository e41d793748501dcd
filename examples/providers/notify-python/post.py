"""One HTTP POST over WASI HTTP. Each wait is one for the answer or for the end of the time, whichever comes first."""

import json
from urllib.parse import urlsplit

from componentize_py_types import Err, Ok
from wit_world.imports import monotonic_clock, outgoing_handler, poll, streams, types

from settings import setting

# For how long one post may take: the interface gives ten seconds for everything.
TIMEOUT_NANOS = 9_000_000_000

# How much of an answer is read.
MAX_ANSWER = 16 * 1024


class NoAnswer(Exception):
    """None came, or not in time, or there is nowhere to post to. Another attempt may work."""


def is_later(status: int) -> bool:
    """Whether what was answered with this status may work at another attempt."""
    return status in (408, 425, 429) or status >= 500


def identifier(answer: bytes) -> str:
    """What the service calls what it was sent, as far as it says so: up to 255 characters."""
    try:
        identifier = json.loads(answer)["id"]
        return identifier[:255] if isinstance(identifier, str) else ""
    except (ValueError, KeyError, TypeError):
        return ""


def post(key: str, body: object, headers: dict[str, str]) -> tuple[int, bytes]:
    """Posts to the variable `endpoint` as JSON, and gives the status and as much of the answer as is worth reading.

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
        raise NoAnswer(f"no answer: {type(error.value).__name__.removeprefix('ErrorCode_')}") from error


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
                raise NoAnswer("no answer")


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
        # A server that does not read on says why in its answer.
        pass


def _read(response: types.IncomingResponse, deadline: poll.Pollable) -> bytes:
    """As much of the body as there is in time: the status has already said what matters."""
    answer = b""
    try:
        with response.consume() as body, body.stream() as stream:
            while len(answer) < MAX_ANSWER:
                _wait_for(stream, deadline)
                answer += stream.read(MAX_ANSWER)
    except (Err, NoAnswer):
        pass
    return answer


def _wait_for(stream: streams.InputStream | streams.OutputStream, deadline: poll.Pollable) -> None:
    with stream.subscribe() as ready:
        _wait(ready, deadline)


def _wait(ready: poll.Pollable, deadline: poll.Pollable) -> None:
    if 0 not in poll.poll([ready, deadline]):
        raise NoAnswer("no answer in time")
