/** The cart, compared with the catalog as it is now: prices that have changed, and stock that is short. */
import { useEffect } from "preact/hooks";
import type { Product } from "@spindle-commerce/client";
import { ProductArt } from "../art/art";
import type { CartLine, Difference } from "../cart";
import {
  acceptPrices,
  cart,
  difference,
  lineTotal,
  remove,
  setQuantity,
  totals,
} from "../cart";
import { Notice, announce } from "../components/feedback";
import { Button, SelectField } from "../components/form";
import { Page, Section } from "../components/page";
import { currentProducts } from "../current-products";
import { money } from "../format";
import { paths } from "../paths";
import { useResource } from "../use";

function Line({
  line,
  product,
  changed,
}: {
  line: CartLine;
  product: Product | undefined;
  changed: Difference;
}) {
  const most = Math.max(
    line.quantity,
    Math.min(10, product?.stock.available ?? 10),
  );
  const options = Array.from(
    { length: most },
    (_, i) => [String(i + 1), String(i + 1)] as const,
  );
  const change = (quantity: number) => {
    cart.value = setQuantity(cart.value, line.productId, quantity);
    announce(
      quantity < 1 ? `Removed: ${line.name}.` : `${line.name}: ${quantity}.`,
    );
  };
  const drop = () => {
    cart.value = remove(cart.value, line.productId);
    announce(`Removed: ${line.name}.`);
    // The button is gone, and with it the focus.
    document.querySelector<HTMLElement>("h1")?.focus();
  };
  const { available, price } = changed;
  return (
    <li class="cart-line">
      <ProductArt sku={line.sku} name={line.name} />
      <div class="cart-line-text">
        <a href={paths.product(line.productId)}>{line.name}</a>
        <p class="small">{money(line.unitPrice)} each</p>
        {available === 0 && <p class="stock is-bad">Sold out</p>}
        {available !== undefined && available > 0 && (
          <p class="stock is-warn">
            Only {available} left{" "}
            <Button
              kind="link"
              aria-label={`Change ${line.name} to ${available}`}
              onClick={() => change(available)}
            >
              Change to {available}
            </Button>
          </p>
        )}
        {price && (
          <p class="stock is-warn">
            The price has changed from <s>{money(line.unitPrice)}</s> to{" "}
            <strong>{money(price)}</strong>{" "}
            <Button
              kind="link"
              aria-label={`Accept the new price of ${line.name}`}
              onClick={() => {
                cart.value = acceptPrices(
                  cart.value,
                  new Map([[line.productId, price]]),
                );
                announce(`${line.name} is now ${money(price)} in your cart.`);
              }}
            >
              Accept
            </Button>
          </p>
        )}
      </div>
      <div class="cart-line-controls">
        <SelectField
          label={`Quantity of ${line.name}`}
          value={String(line.quantity)}
          onValue={(quantity) => change(Number(quantity))}
          options={options}
        />
        <p class="price">{money(lineTotal(line))}</p>
        <Button kind="link" aria-label={`Remove ${line.name}`} onClick={drop}>
          Remove
        </Button>
      </div>
    </li>
  );
}

export function CartPage() {
  const lines = cart.value;
  const key = lines.map((line) => line.productId).join();
  const current = useResource(key, (signal) =>
    currentProducts(
      lines.map((line) => line.productId),
      signal,
    ),
  );
  const changes = lines.map((line) => {
    const isKnown = current.data?.has(line.productId) ?? false;
    return isKnown
      ? difference(line, current.data?.get(line.productId) ?? undefined)
      : {};
  });
  const isShort = changes.some((changed) => changed.available !== undefined);
  const sums = totals(lines);

  useEffect(() => {
    if (isShort) announce("Some of your cart is not in stock any more.");
  }, [isShort]);

  if (lines.length === 0) {
    return (
      <Page title="Cart" lead={<p>Your cart is empty.</p>}>
        <a class="button is-primary" href={paths.products}>
          See all products
        </a>
      </Page>
    );
  }
  return (
    <Page title="Cart">
      <div class="with-aside">
        <ul class="cart-lines" role="list" aria-label="Items in the cart">
          {lines.map((line, i) => (
            <Line
              key={line.productId}
              line={line}
              product={current.data?.get(line.productId) ?? undefined}
              changed={changes[i] ?? {}}
            />
          ))}
        </ul>
        <Section title="Summary" class="panel">
          <dl class="totals">
            <div class="grand-total">
              <dt>Total</dt>
              <dd>{sums.map(money).join(" + ")}</dd>
            </div>
          </dl>
          {sums.length > 1 && (
            <Notice tone="warn">
              <p>
                An order has one currency. Order the items of each currency
                separately.
              </p>
            </Notice>
          )}
          {isShort && (
            <Notice tone="warn">
              <p>
                Some items are not available in this number. Change them first,
                or see at the checkout what is left.
              </p>
            </Notice>
          )}
          <a class="button is-primary is-wide" href={paths.checkout}>
            Check out
          </a>
          <p class="small">Nothing is charged in this demonstration.</p>
        </Section>
      </div>
    </Page>
  );
}
