import { describe, expect, it } from "vitest";
import type { Product } from "@spindle-commerce/client";
import type { Cart } from "./cart";
import {
  MAX_LINES,
  MAX_QUANTITY,
  acceptPrices,
  add,
  difference,
  parseCart,
  pieces,
  remove,
  setQuantity,
  totals,
  withoutOrdered,
} from "./cart";

function product(id: string, more: Partial<Product> = {}): Product {
  return {
    id,
    sku: `SKU-${id}`,
    name: `Product ${id}`,
    description: "",
    price: { amount: 1000, currency: "EUR" },
    category: "things",
    attributes: {},
    stock: { available: 5 },
    status: "active",
    created_at: "2026-01-15T09:30:00.000Z",
    updated_at: "2026-01-15T09:30:00.000Z",
    ...more,
  };
}

const twoLamps: Cart = add([], product("lamp"), 2);

describe("the cart", () => {
  it("adds pieces to the line of their product, at the price of now", () => {
    const dearer = product("lamp", {
      price: { amount: 1200, currency: "EUR" },
    });
    const cart = add(twoLamps, dearer, 1);
    expect(cart).toHaveLength(1);
    expect(cart[0]).toMatchObject({
      quantity: 3,
      unitPrice: { amount: 1200, currency: "EUR" },
    });
  });

  it("has at most so many lines and pieces", () => {
    const full = Array.from({ length: MAX_LINES }).reduce<Cart>(
      (cart, _, i) => add(cart, product(`${i}`), 1),
      [],
    );
    expect(add(full, product("one more"), 1)).toBe(full);
    expect(pieces(add(twoLamps, product("lamp"), 500))).toBe(MAX_QUANTITY);
  });

  it("drops a line whose quantity becomes zero", () => {
    expect(setQuantity(twoLamps, "lamp", 0)).toEqual([]);
    expect(remove(twoLamps, "lamp")).toEqual([]);
    expect(setQuantity(twoLamps, "lamp", 4)[0]?.quantity).toBe(4);
  });

  it("sums each currency by itself", () => {
    const cart = add(
      twoLamps,
      product("kimono", { price: { amount: 9000, currency: "JPY" } }),
      1,
    );
    expect(totals(cart)).toEqual([
      { amount: 2000, currency: "EUR" },
      { amount: 9000, currency: "JPY" },
    ]);
  });

  it("keeps what was not ordered", () => {
    const cart = add(twoLamps, product("vase"), 1);
    const left = withoutOrdered(cart, [{ product_id: "lamp", quantity: 1 }]);
    expect(
      left.map(({ productId, quantity }) => [productId, quantity]),
    ).toEqual([
      ["lamp", 1],
      ["vase", 1],
    ]);
    expect(
      withoutOrdered(twoLamps, [{ product_id: "lamp", quantity: 2 }]),
    ).toEqual([]);
  });

  it("takes over the prices that the customer accepts, and no others", () => {
    const cart = add(twoLamps, product("vase"), 1);
    const accepted = acceptPrices(
      cart,
      new Map([["vase", { amount: 700, currency: "EUR" }]]),
    );
    expect(accepted.map((line) => line.unitPrice.amount)).toEqual([1000, 700]);
  });
});

describe("the difference of a line from its product", () => {
  const line = add([], product("lamp"), 3)[0]!;

  it("is none while price and stock are as they were", () => {
    expect(difference(line, product("lamp"))).toEqual({});
  });

  it("is the price of now if that has changed", () => {
    const price = { amount: 900, currency: "EUR" };
    expect(difference(line, product("lamp", { price }))).toEqual({ price });
  });

  it("is what is left if that is too little", () => {
    expect(
      difference(line, product("lamp", { stock: { available: 2 } })),
    ).toEqual({ available: 2 });
  });

  it("is nothing left if the product is not sold any more, or gone", () => {
    expect(difference(line, product("lamp", { status: "archived" }))).toEqual({
      available: 0,
    });
    expect(difference(line, undefined)).toEqual({ available: 0 });
  });
});

describe("a stored cart", () => {
  it("is read as it was written", () => {
    expect(parseCart(JSON.parse(JSON.stringify(twoLamps)))).toEqual(twoLamps);
  });

  it("loses the lines that it cannot be trusted to have", () => {
    const broken = [
      {},
      null,
      { ...twoLamps[0], quantity: -1 },
      { ...twoLamps[0], unitPrice: { amount: "9", currency: "EUR" } },
    ];
    expect(parseCart([...twoLamps, ...broken])).toEqual(twoLamps);
    expect(parseCart("nonsense")).toBeUndefined();
  });
});
