/** Why an order was not placed, with the one click that takes the reason away. */
import { useEffect, useRef } from "preact/hooks";
import type { Money, PriceChangedProblem } from "@spindle-commerce/client";
import type { CartLine } from "../../cart";
import {
  acceptPrices,
  cart,
  difference,
  remove,
  setQuantity,
} from "../../cart";
import { Loading, announce } from "../../components/feedback";
import { Button } from "../../components/form";
import { currentProducts } from "../../current-products";
import { money } from "../../format";
import { useResource } from "../../use";

/** A refusal, which takes the focus: it is the next thing to deal with. */
function Refusal({
  title,
  children,
}: {
  title: string;
  children: preact.ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div class="notice is-warn" role="alert" tabIndex={-1} ref={box}>
      <p class="notice-title">{title}</p>
      {children}
    </div>
  );
}

/** Items that are not available in the number that was ordered. `onDone` is called once each is changed or removed. */
export function Shortage({
  lines,
  onDone,
}: {
  lines: readonly CartLine[];
  onDone: () => void;
}) {
  const ids = lines.map((line) => line.productId);
  const current = useResource(ids.join(), (signal) =>
    currentProducts(ids, signal),
  );
  // As the lines are in the cart now, which the buttons change.
  const open = cart.value.flatMap((line) => {
    if (!ids.includes(line.productId)) return [];
    const available = current.data
      ? difference(line, current.data.get(line.productId) ?? undefined)
          .available
      : undefined;
    return !current.data || available !== undefined
      ? [{ line, available: available ?? 0 }]
      : [];
  });
  const isDone = current.data !== undefined && open.length === 0;
  useEffect(() => {
    if (isDone) onDone();
  }, [isDone]);

  const change = (line: CartLine, quantity: number) => {
    cart.value =
      quantity > 0
        ? setQuantity(cart.value, line.productId, quantity)
        : remove(cart.value, line.productId);
    announce(
      quantity > 0
        ? `${line.name} is changed to ${quantity}.`
        : `${line.name} is removed from your cart.`,
    );
    // The button is gone, and with it the focus.
    document.querySelector<HTMLElement>("button[type=submit]")?.focus();
  };
  return (
    <Refusal title="Not enough in stock">
      <p>Nothing is ordered yet. Others were faster:</p>
      {!current.data && <Loading rows={1} label="Reading the stock" />}
      <ul class="refused" role="list">
        {current.data &&
          open.map(({ line, available }) => (
            <li key={line.productId}>
              <span>
                <strong>{line.name}</strong>:{" "}
                {available > 0
                  ? `${available} left, and your cart has ${line.quantity}`
                  : "sold out"}
              </span>
              <Button kind="quiet" onClick={() => change(line, available)}>
                {available > 0
                  ? `Change ${line.name} to ${available}`
                  : `Remove ${line.name}`}
              </Button>
            </li>
          ))}
      </ul>
    </Refusal>
  );
}

/** Prices that are not those that the customer has seen. */
export function PriceChanged({
  problem,
  onDone,
}: {
  problem: PriceChangedProblem;
  onDone: () => void;
}) {
  const prices = new Map<string, Money>(
    problem.items.map((item) => [item.product_id, item.unit_price]),
  );
  const lines = cart.value.filter((line) => prices.has(line.productId));
  return (
    <Refusal title="A price has changed">
      <p>Nothing is ordered yet. These are the prices of now:</p>
      <ul class="refused" role="list">
        {lines.map((line) => (
          <li key={line.productId}>
            <span>
              <strong>{line.name}</strong>: <s>{money(line.unitPrice)}</s>{" "}
              <ins>{money(prices.get(line.productId) ?? line.unitPrice)}</ins>
            </span>
          </li>
        ))}
      </ul>
      <p class="actions">
        <Button
          onClick={() => {
            cart.value = acceptPrices(cart.value, prices);
            announce(`The new total is ${money(problem.total)}.`);
            onDone();
            document.querySelector<HTMLElement>("button[type=submit]")?.focus();
          }}
        >
          Accept the new prices
        </Button>
        <span class="small">The order would be {money(problem.total)}.</span>
      </p>
    </Refusal>
  );
}
