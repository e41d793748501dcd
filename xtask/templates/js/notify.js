// A notification provider: `send` brings a message to whom it is for. As it is, it posts the message as JSON to the variable `endpoint`, with the
// variable `key` as a bearer token. What is yours to change is what your service wants to be asked, and what its answers mean.

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
