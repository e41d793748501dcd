"""A payment provider.

This version posts each operation as JSON to the variable `endpoint`, with the variable `key` as a bearer token. Change the request to the one that
your service expects, and the meaning of its responses.
"""

from dataclasses import asdict

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.provider import (
    Authorization,
    Error_Declined,
    Error_Permanent,
    Error_Retryable,
    Outcome,
    Outcome_Authorized,
    Outcome_Pending,
    Settlement,
)

from post import NoAnswer, identifier, is_later, post
from settings import setting


class Provider(exports.Provider):
    def authorize(self, request: Authorization) -> Outcome:
        status, response = call("authorize", request)
        reference = identifier(response)
        if not reference:
            raise Err(Error_Retryable("the service returned no id of the payment"))
        # 202: the service decides later, and reports it by a webhook.
        return Outcome_Pending(reference) if status == 202 else Outcome_Authorized(reference)

    def capture(self, request: Settlement) -> None:
        call("capture", request)

    def void(self, request: Settlement) -> None:
        call("void", request)

    def refund(self, request: Settlement) -> None:
        call("refund", request)


def call(operation: str, request: Authorization | Settlement) -> tuple[int, bytes]:
    """Posts an operation. Returns the status and the response if the service carried it out."""
    try:
        body = {"operation": operation, **asdict(request)}
        status, response = post(request.idempotency_key, body, {"authorization": f"Bearer {setting('key')}"})
    except NoAnswer as error:
        raise Err(Error_Retryable(str(error))) from error
    if 200 <= status < 300:
        return status, response
    if status == 402:
        # The payer reads this.
        raise Err(Error_Declined("the payment was declined"))
    failed = Error_Retryable if is_later(status) else Error_Permanent
    raise Err(failed(f"the service answered {status}"))
