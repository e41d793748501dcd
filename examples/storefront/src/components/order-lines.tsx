/** The lines of an order, of one that is placed or about to be. */
import type { Money } from "@spindle-commerce/client";
import { ProductArt } from "../art/art";
import { money } from "../format";
import { paths } from "../paths";

/** A line to show. */
export interface ShownLine {
  productId: string;
  sku: string;
  name: string;
  quantity: number;
  unitPrice: Money;
  total: Money;
}

/** Lines with pictures, then adjustments and the total. */
export function OrderLines(props: {
  lines: readonly ShownLine[];
  adjustments?: readonly { label: string; amount: Money }[];
  totals: readonly Money[];
}) {
  return (
    <>
      <ul class="order-lines" role="list">
        {props.lines.map((line) => (
          <li key={line.productId}>
            <ProductArt sku={line.sku} name={line.name} />
            <div>
              <a href={paths.product(line.productId)}>{line.name}</a>
              <p class="small">
                {line.quantity} × {money(line.unitPrice)}
              </p>
            </div>
            <p class="price">{money(line.total)}</p>
          </li>
        ))}
      </ul>
      <dl class="totals">
        {props.adjustments?.map((adjustment) => (
          <div key={adjustment.label}>
            <dt>{adjustment.label}</dt>
            <dd>{money(adjustment.amount)}</dd>
          </div>
        ))}
        <div class="grand-total">
          <dt>Total</dt>
          <dd>{props.totals.map(money).join(" + ")}</dd>
        </div>
      </dl>
    </>
  );
}
