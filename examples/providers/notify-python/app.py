"""A notification provider that sends push notifications through an ntfy server (docs.ntfy.sh/publish)."""

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.provider import Content_Push, Error_Rejected, Error_Retryable, Message

from post import NoAnswer, identifier, is_later, post
from settings import setting


class Provider(exports.Provider):
    def send(self, message: Message) -> str:
        if not isinstance(message.content, Content_Push):
            raise Err(Error_Rejected("ntfy sends push notifications only"))
        push = message.content.value
        notification = {
            "topic": f"{setting('sender') or 'spindle'}-{push.to}",
            "title": push.title,
            "message": push.text,
            "tags": [message.template],
            # A second notification with the same sequence replaces the first.
            "sequence_id": message.idempotency_key,
        }
        status, answer = publish(notification, message.idempotency_key)
        if 200 <= status < 300:
            return identifier(answer)
        # An operator can replace a token that the server refuses.
        failed = Error_Retryable if is_later(status) or status in (401, 403) else Error_Rejected
        raise Err(failed(f"the server answered {status}"))


def publish(notification: dict, key: str) -> tuple[int, bytes]:
    token = setting("key")
    try:
        return post(key, notification, {"authorization": f"Bearer {token}"} if token else {})
    except NoAnswer as error:
        raise Err(Error_Retryable(str(error))) from error
