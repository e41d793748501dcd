"""A payment provider.

As it is, it posts each operation as JSON to the variable `endpoint`, with the variable `key` as a bearer token. What is yours to change is what your
service wants to be asked, and what its answers mean.
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
        status, answer = ask("authorize", request)
        reference = identifier(answer)
        if not reference:
            raise Err(Error_Retryable("the service did not say what it calls the payment"))
        # 202: it tells later, by a webhook.
        return Outcome_Pending(reference) if status == 202 else Outcome_Authorized(reference)

    def capture(self, request: Settlement) -> None:
        ask("capture", request)

    def void(self, request: Settlement) -> None:
        ask("void", request)

    def refund(self, request: Settlement) -> None:
        ask("refund", request)


def ask(operation: str, request: Authorization | Settlement) -> tuple[int, bytes]:
    """The status and the answer if the service did what it was asked."""
    try:
        question = {"operation": operation, **asdict(request)}
        status, answer = post(request.idempotency_key, question, {"authorization": f"Bearer {setting('key')}"})
    except NoAnswer as error:
        raise Err(Error_Retryable(str(error))) from error
    if 200 <= status < 300:
        return status, answer
    if status == 402:
        # The payer reads this.
        raise Err(Error_Declined("the payment was declined"))
    failed = Error_Retryable if is_later(status) else Error_Permanent
    raise Err(failed(f"the service answered {status}"))
