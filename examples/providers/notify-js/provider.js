// A notification provider that shows each message in a chat, by an incoming webhook: `{"text": ...}`, as Slack, Mattermost and Google Chat
// take it.

import { isLater, post, retryable } from "./post.js";

export const provider = {
  async send(message) {
    const { status } = await post(message.idempotencyKey, { text: shown(message) });
    if (status >= 200 && status < 300) {
      // A chat has no name for what it shows.
      return "";
    }
    const detail = `the chat answered ${status}`;
    throw isLater(status) ? retryable(detail) : { tag: "rejected", val: detail };
  },
};

/** What the chat shows. It takes `<`, `>` and `&` for markup, so they are written as it asks for. */
function shown({ template, content }) {
  const { subject, title, text } = content.val;
  const heading = subject ?? title;
  const all = `${heading === undefined ? "" : `*${heading}*\n`}${text}\n(${content.tag}, ${template})`;
  return all.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
