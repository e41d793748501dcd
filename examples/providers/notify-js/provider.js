// A notification provider that shows each message in a chat, through an incoming webhook that accepts `{"text": ...}`: Slack, Mattermost,
// Google Chat.

import { isLater, post, retryable } from "./post.js";

export const provider = {
  async send(message) {
    const { status } = await post(message.idempotencyKey, { text: chatText(message) });
    if (status >= 200 && status < 300) {
      // A chat returns no reference.
      return "";
    }
    const detail = `the chat answered ${status}`;
    throw isLater(status) ? retryable(detail) : { tag: "rejected", val: detail };
  },
};

/** Returns the text for the chat, with `<`, `>` and `&` escaped, because a chat reads them as markup. */
function chatText({ template, content }) {
  const { subject, title, text } = content.val;
  const heading = subject ?? title;
  const all = `${heading === undefined ? "" : `*${heading}*\n`}${text}\n(${content.tag}, ${template})`;
  return all.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
