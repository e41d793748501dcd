"""A notification provider: `send` delivers a message to its recipient.

This version posts the message as JSON to the variable `endpoint`, with the variable `key` as a bearer token. Change the request to the one that your
service expects, and the meaning of its responses.
"""

from dataclasses import asdict

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.provider import Error_Rejected, Error_Retryable, Message

from post import NoAnswer, identifier, is_later, post
from settings import setting


class Provider(exports.Provider):
    def send(self, message: Message) -> str:
        body = {
            "channel": type(message.content).__name__.removeprefix("Content_").lower(),
            "template": message.template,
            "locale": message.locale,
            **asdict(message.content.value),
        }
        try:
            status, response = post(message.idempotency_key, body, {"authorization": f"Bearer {setting('key')}"})
        except NoAnswer as error:
            raise Err(Error_Retryable(str(error))) from error
        if 200 <= status < 300:
            return identifier(response)
        failed = Error_Retryable if is_later(status) else Error_Rejected
        raise Err(failed(f"the service answered {status}"))
