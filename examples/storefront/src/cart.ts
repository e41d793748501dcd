/**
 * The cart: pure functions over its lines, and the signal that the pages show. It is kept in the browser, so it survives a log-in, a log-out and the
 * end of the visit. A line keeps the price that the customer has seen: the order names it, so that another one needs the customer's consent.
 */
import type { Money, Product } from "@spindle-commerce/client";
import { storedSignal } from "./storage";

/** A product in the cart. */
export interface CartLine {
  productId: string;
  sku: string;
  name: string;
  quantity: number;
  /** The price that the customer has seen, and accepted by going on. */
  unitPrice: Money;
}

export type Cart = readonly CartLine[];

/** The largest quantity that a line of the shop offers; the API accepts more. */
export const MAX_QUANTITY = 99;
/** The largest number of lines of an order. */
export const MAX_LINES = 100;

/** Returns the cart with `quantity` more pieces of `product`, at the price of now. */
export function add(cart: Cart, product: Product, quantity: number): Cart {
  const before = cart.find((line) => line.productId === product.id);
  const line: CartLine = {
    productId: product.id,
    sku: product.sku,
    name: product.name,
    quantity: Math.min(MAX_QUANTITY, (before?.quantity ?? 0) + quantity),
    unitPrice: product.price,
  };
  if (before) return cart.map((other) => (other === before ? line : other));
  return cart.length < MAX_LINES ? [...cart, line] : cart;
}

/** Returns the cart with `quantity` pieces of a product; none removes the line. */
export function setQuantity(
  cart: Cart,
  productId: string,
  quantity: number,
): Cart {
  if (quantity < 1) return remove(cart, productId);
  return cart.map((line) =>
    line.productId === productId
      ? { ...line, quantity: Math.min(MAX_QUANTITY, Math.floor(quantity)) }
      : line,
  );
}

/** Returns the cart without a product. */
export function remove(cart: Cart, productId: string): Cart {
  return cart.filter((line) => line.productId !== productId);
}

/** Returns the cart with the prices that the customer has accepted, by the id of their products. */
export function acceptPrices(
  cart: Cart,
  prices: ReadonlyMap<string, Money>,
): Cart {
  return cart.map((line) => ({
    ...line,
    unitPrice: prices.get(line.productId) ?? line.unitPrice,
  }));
}

/**
 * Returns the cart without the pieces that were ordered. What another tab added meanwhile stays.
 */
export function withoutOrdered(
  cart: Cart,
  ordered: readonly { product_id: string; quantity: number }[],
): Cart {
  const quantities = new Map(
    ordered.map((item) => [item.product_id, item.quantity]),
  );
  return cart
    .map((line) => ({
      ...line,
      quantity: line.quantity - (quantities.get(line.productId) ?? 0),
    }))
    .filter((line) => line.quantity > 0);
}

/** Returns the number of pieces. */
export function pieces(cart: Cart): number {
  return cart.reduce((sum, line) => sum + line.quantity, 0);
}

/** Returns the price of all pieces of a line. */
export function lineTotal(line: CartLine): Money {
  return {
    amount: line.unitPrice.amount * line.quantity,
    currency: line.unitPrice.currency,
  };
}

/** Returns the sum for each currency in the cart: one, unless the shop sells in several. */
export function totals(cart: Cart): Money[] {
  const sums = new Map<string, number>();
  for (const line of cart) {
    const { amount, currency } = lineTotal(line);
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
  }
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

/** How a line differs from what can be ordered now. */
export interface Difference {
  /** The price of now, if it is not the one of the line. */
  price?: Money;
  /** The pieces that are left, if they are fewer than those of the line. A product that is not sold any more has none. */
  available?: number;
}

/** Compares a line with its product as it is now; `undefined` means that the product is gone. */
export function difference(
  line: CartLine,
  product: Product | undefined,
): Difference {
  if (!product || product.status !== "active") return { available: 0 };
  const found: Difference = {};
  const { price, stock } = product;
  if (
    price.amount !== line.unitPrice.amount ||
    price.currency !== line.unitPrice.currency
  )
    found.price = price;
  if (stock.available < line.quantity) found.available = stock.available;
  return found;
}

/** Reads a cart that was stored; a line of another form is left out. */
export function parseCart(value: unknown): Cart | undefined {
  return Array.isArray(value) ? value.filter(isLine) : undefined;
}

function isLine(value: unknown): value is CartLine {
  if (typeof value !== "object" || value === null) return false;
  const line = value as Partial<CartLine>;
  const texts = [line.productId, line.sku, line.name, line.unitPrice?.currency];
  return (
    texts.every((text) => typeof text === "string") &&
    Number.isSafeInteger(line.unitPrice?.amount) &&
    Number.isSafeInteger(line.quantity) &&
    (line.quantity ?? 0) > 0
  );
}

/** The cart of this browser. */
export const cart = storedSignal<Cart>("spindle-shop.cart", [], parseCart);
