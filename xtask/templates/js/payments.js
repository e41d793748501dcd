// A payment provider. As it is, it posts each operation as JSON to the variable `endpoint`, with the variable `key` as a bearer token. What is
// yours to change is what your service wants to be asked, and what its answers mean.

import { id, isLater, post, retryable, setting } from "./post.js";

export const provider = {
  async authorize({ idempotencyKey, paymentId, orderId, amount, token }) {
    const answer = await ask(idempotencyKey, { operation: "authorize", paymentId, orderId, ...money(amount), token });
    const reference = id(answer.text);
    if (reference === "") {
      throw retryable("the service did not say what it calls the payment");
    }
    // 202: it tells later, by a webhook.
    return { tag: answer.status === 202 ? "pending" : "authorized", val: reference };
  },
  capture: (settlement) => settle("capture", settlement),
  void: (settlement) => settle("void", settlement),
  refund: (settlement) => settle("refund", settlement),
};

async function settle(operation, { idempotencyKey, paymentId, reference, amount }) {
  await ask(idempotencyKey, { operation, paymentId, reference, ...money(amount) });
}

/** The answer if the service did what it was asked. */
async function ask(key, question) {
  const answer = await post(key, question, { authorization: `Bearer ${setting("key")}` });
  if (answer.status >= 200 && answer.status < 300) {
    return answer;
  }
  if (answer.status === 402) {
    // The payer reads this.
    throw { tag: "declined", val: "the payment was declined" };
  }
  const detail = `the service answered ${answer.status}`;
  throw isLater(answer.status) ? retryable(detail) : { tag: "permanent", val: detail };
}

/** An amount is a BigInt here, which JSON does not have. */
const money = ({ amount, currency }) => ({ amount: amount.toString(), currency });
