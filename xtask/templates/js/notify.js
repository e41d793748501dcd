// A notification provider: `send` delivers a message to its recipient. This version posts the message as JSON to the variable `endpoint`, with the
// variable `key` as a bearer token. Change the request to the one that your service expects, and the meaning of its responses.

import { id, isLater, post, retryable, setting } from "./post.js";

export const provider = {
  async send({ idempotencyKey, template, locale, content }) {
    const message = { channel: content.tag, template, locale, ...content.val };
    const { status, text } = await post(idempotencyKey, message, { authorization: `Bearer ${setting("key")}` });
    if (status >= 200 && status < 300) {
      return id(text);
    }
    const detail = `the service answered ${status}`;
    throw isLater(status) ? retryable(detail) : { tag: "rejected", val: detail };
  },
};
