// A payment provider. This version posts each operation as JSON to the variable `endpoint`, with the variable `key` as a bearer token. Change the
// request to the one that your service expects, and the meaning of its responses.

import { id, isLater, post, retryable, setting } from "./post.js";

export const provider = {
  async authorize({ idempotencyKey, paymentId, orderId, amount, token }) {
    const response = await call(idempotencyKey, { operation: "authorize", paymentId, orderId, ...money(amount), token });
    const reference = id(response.text);
    if (reference === "") {
      throw retryable("the service returned no id of the payment");
    }
    // 202: the service decides later, and reports it by a webhook.
    return { tag: response.status === 202 ? "pending" : "authorized", val: reference };
  },
  capture: (settlement) => settle("capture", settlement),
  void: (settlement) => settle("void", settlement),
  refund: (settlement) => settle("refund", settlement),
};

async function settle(operation, { idempotencyKey, paymentId, reference, amount }) {
  await call(idempotencyKey, { operation, paymentId, reference, ...money(amount) });
}

/** Posts an operation. Returns the response if the service carried it out. */
async function call(key, body) {
  const response = await post(key, body, { authorization: `Bearer ${setting("key")}` });
  if (response.status >= 200 && response.status < 300) {
    return response;
  }
  if (response.status === 402) {
    // The payer reads this.
    throw { tag: "declined", val: "the payment was declined" };
  }
  const detail = `the service answered ${response.status}`;
  throw isLater(response.status) ? retryable(detail) : { tag: "permanent", val: detail };
}

/** An amount is a BigInt here, and JSON has none. */
const money = ({ amount, currency }) => ({ amount: amount.toString(), currency });
