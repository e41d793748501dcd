/**
 * A shop in a script: browses, registers a customer, orders, watches the order being paid, cancels it, and watches until the money is
 * returned. Each step prints a line.
 *
 *     SPINDLE_URL=http://127.0.0.1:3000 npx tsx shop.ts
 */

import {
  createSpindle,
  formatMoney,
  paginate,
  unwrap,
  watchOrder,
  type Product,
} from "@spindle-commerce/client";

const baseUrl = process.env.SPINDLE_URL ?? "http://127.0.0.1:3000";
const spindle = createSpindle({ baseUrl });

/** Ends the script if the platform does not get on. */
const signal = AbortSignal.timeout(300_000);

// Browse: the list is read page by page, for as long as the loop goes on.
let product: Product | undefined;
for await (const item of paginate(spindle, "/v1/products", {
  params: { query: { in_stock: true } },
  signal,
})) {
  product = item;
  break;
}
if (product === undefined) {
  throw new Error(`${baseUrl} has no product in stock`);
}
console.log(`Found ${product.name} for ${formatMoney(product.price, "en")}`);

// Register. The client keeps the session, adds its access token to each request and refreshes it.
const { user } = await unwrap(
  spindle.register(
    {
      email: `ada-${Date.now()}@example.com`,
      password: "a lighthouse in winter",
      display_name: "Ada",
    },
    { signal },
  ),
);
console.log(`Registered ${user.email}`);

// Order. The client makes an Idempotency-Key, so the request is repeated safely if its response is lost. An error is data, not an exception.
const { data: placed, error } = await spindle.POST("/v1/orders", {
  body: {
    items: [
      {
        product_id: product.id,
        quantity: 1,
        expected_unit_price: product.price,
      },
    ],
    shipping_address: {
      name: "Ada Lovelace",
      lines: ["1 Main St"],
      city: "Berlin",
      postal_code: "10115",
      country: "DE",
    },
    payment_method: { token: "pm_ok" },
  },
  signal,
});
if (error) {
  if (error.type === "https://spindle.dev/problems/price-changed") {
    console.error(`It costs ${formatMoney(error.total, "en")} now`);
  }
  throw new Error(error.detail);
}
console.log(
  `Placed order ${placed.number} for ${formatMoney(placed.total, "en")}`,
);

// Watch until it is paid.
let printed = 0;
for await (const { order, timeline } of watchOrder(spindle, placed.id, {
  signal,
})) {
  printed = print(timeline.items, printed);
  if (order.status === "cancelled") {
    throw new Error(`the order was cancelled: ${order.cancel_reason}`);
  }
  if (order.status === "paid") {
    break;
  }
}

// Cancel, and watch until the end: the stock is released and the money returned.
await unwrap(
  spindle.POST("/v1/orders/{id}/cancel", {
    params: { path: { id: placed.id } },
    signal,
  }),
);
let last: string | undefined;
for await (const { order, timeline } of watchOrder(spindle, placed.id, {
  signal,
})) {
  printed = print(timeline.items, printed);
  last = order.status;
}
const payments = await unwrap(
  spindle.GET("/v1/payments", {
    params: { query: { order_id: placed.id } },
    signal,
  }),
);
const status = payments.items[0]?.status;
if (last !== "cancelled" || (status !== "refunded" && status !== "voided")) {
  throw new Error(`the order is ${last}, and its payment ${status}`);
}
console.log(`The order is cancelled, and its payment ${status}`);

const { error: failure } = await spindle.logOut({ signal });
if (failure) {
  throw new Error(failure.detail);
}
console.log("Logged out");

/** Prints the entries from `start` on, and returns the number of all. */
function print(entries: { detail: string }[], start: number): number {
  for (const { detail } of entries.slice(start)) {
    console.log(`  ${detail}`);
  }
  return entries.length;
}
