/** Products in a grid. */
import type { Product } from "@spindle-commerce/client";
import { ProductArt } from "../art/art";
import { money } from "../format";
import { paths } from "../paths";

/** A few pieces, from which on the shop says how many are left. */
const FEW = 5;

/** Returns the stock of a product in words, and how to show it. */
export function stockState(available: number): {
  text: string;
  tone: "good" | "warn" | "bad";
} {
  if (available < 1) return { text: "Sold out", tone: "bad" };
  if (available <= FEW) return { text: `Only ${available} left`, tone: "warn" };
  return { text: "In stock", tone: "good" };
}

/** A list of products, as cards. */
export function ProductGrid({
  products,
  label,
}: {
  products: readonly Product[];
  label: string;
}) {
  return (
    <ul class="product-grid" role="list" aria-label={label}>
      {products.map((product) => {
        const stock = stockState(product.stock.available);
        return (
          <li key={product.id} class="product-card">
            <ProductArt sku={product.sku} name={product.name} />
            <div class="product-card-text">
              <a href={paths.product(product.id)}>{product.name}</a>
              <p class="price">{money(product.price)}</p>
              {stock.tone !== "good" && (
                <p class={`stock is-${stock.tone}`}>{stock.text}</p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** Grey cards while a list is being read. */
export function ProductGridLoading({ cards = 8 }: { cards?: number }) {
  return (
    <div role="status">
      <span class="visually-hidden">Loading products</span>
      <div class="product-grid" aria-hidden="true">
        {Array.from({ length: cards }, (_, card) => (
          <div key={card} class="product-card is-loading">
            <div class="skeleton is-square" />
            <div class="skeleton" />
          </div>
        ))}
      </div>
    </div>
  );
}
