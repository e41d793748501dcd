/** A product: picture, price, stock, and the button that puts it into the cart. */
import { useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import type { Product } from "@spindle-commerce/client";
import { ProductArt } from "../art/art";
import { MAX_LINES, MAX_QUANTITY, add, cart } from "../cart";
import { Loading, ProblemNotice, announce } from "../components/feedback";
import { Button, SelectField } from "../components/form";
import { Page, Section } from "../components/page";
import { ProductGrid, stockState } from "../components/product-card";
import {
  attributeName,
  attributeValue,
  categoryName,
  count,
  money,
} from "../format";
import { paths } from "../paths";
import { kind, outcome } from "../problems";
import { spindle } from "../shop";
import { useResource } from "../use";
import { NotFoundPage } from "./not-found";

/** Returns the quantities to choose from: at most ten, and no more than there are. */
function quantities(available: number): (readonly [string, string])[] {
  const most = Math.max(1, Math.min(10, available));
  return Array.from(
    { length: most },
    (_, i) => [String(i + 1), String(i + 1)] as const,
  );
}

function AddToCart({ product }: { product: Product }) {
  const [quantity, setQuantity] = useState("1");
  const [added, setAdded] = useState(0);
  const inCart =
    cart.value.find((line) => line.productId === product.id)?.quantity ?? 0;
  const isFull =
    (inCart === 0 && cart.value.length >= MAX_LINES) || inCart >= MAX_QUANTITY;
  const addToCart = () => {
    cart.value = add(cart.value, product, Number(quantity));
    setAdded((n) => n + 1);
    announce(`Added to your cart: ${quantity} × ${product.name}.`);
  };
  return (
    <div class="add-to-cart">
      <SelectField
        label="Quantity"
        value={quantity}
        onValue={setQuantity}
        options={quantities(product.stock.available)}
      />
      <Button onClick={addToCart} disabled={isFull}>
        Add to cart
      </Button>
      {added > 0 && (
        <p class="added">
          Added to your cart. <a href={paths.cart}>View cart</a>
        </p>
      )}
      {inCart > product.stock.available && (
        <p class="stock is-warn">
          Your cart has {inCart}, and {product.stock.available} can be ordered
          now.
        </p>
      )}
    </div>
  );
}

function Related({ product }: { product: Product }) {
  const name = categoryName(product.category);
  const list = useResource(product.category, (signal) =>
    outcome(
      spindle.GET("/v1/products", {
        params: {
          query: { category: product.category, in_stock: true, limit: 24 },
        },
        signal,
      }),
    ),
  );
  // The list has the variants of a product one after the other: one of each is more to see.
  const family = (sku: string) => sku.split("-").slice(0, 2).join("-");
  const seen = new Set([family(product.sku)]);
  const others = (list.data?.items ?? []).filter((other) => {
    const isNew = !seen.has(family(other.sku));
    seen.add(family(other.sku));
    return isNew;
  });
  if (others.length === 0) return null;
  return (
    <Section
      title={`More from ${name}`}
      aside={<a href={paths.category(product.category)}>All of {name}</a>}
    >
      <ProductGrid products={others.slice(0, 4)} label={`More from ${name}`} />
    </Section>
  );
}

function ProductDetails({ id }: { id: string }) {
  const {
    data: product,
    problem,
    reload,
  } = useResource(id, (signal) =>
    outcome(
      spindle.GET("/v1/products/{id}", { params: { path: { id } }, signal }),
    ),
  );
  if (!product) {
    if (!problem) return <Loading rows={4} label="Loading the product" />;
    // An id that is none is a 400.
    if (kind(problem) === "not-found" || problem.status === 400)
      return <NotFoundPage />;
    return (
      <Page title="Product">
        <ProblemNotice problem={problem} retry={reload} />
      </Page>
    );
  }
  const isSold = product.status === "active" && product.stock.available > 0;
  const stock =
    product.status === "active"
      ? stockState(product.stock.available)
      : { text: "Not sold any more", tone: "bad" };
  const attributes = Object.entries(product.attributes);
  return (
    <div class="product">
      <nav class="trail" aria-label="You are here">
        <a href={paths.products}>All products</a>
        <span aria-hidden="true">/</span>
        <a href={paths.category(product.category)}>
          {categoryName(product.category)}
        </a>
      </nav>
      <div class="product-main">
        <div class="product-art">
          <ProductArt sku={product.sku} name={product.name} />
        </div>
        <Page
          title={product.name}
          lead={
            <>
              <p class="price is-large">{money(product.price)}</p>
              <p class={`stock is-${stock.tone}`}>{stock.text}</p>
            </>
          }
        >
          {isSold && <AddToCart product={product} />}
          {product.description && (
            <p class="description">{product.description}</p>
          )}
          <Section title="Details">
            <dl class="details">
              {attributes.map(([name, value]) => (
                <div key={name}>
                  <dt>{attributeName(name)}</dt>
                  <dd>{attributeValue(value)}</dd>
                </div>
              ))}
              <div>
                <dt>SKU</dt>
                <dd>{product.sku}</dd>
              </div>
              {isSold && (
                <div>
                  <dt>In stock</dt>
                  <dd>{count(product.stock.available, "piece")}</dd>
                </div>
              )}
            </dl>
          </Section>
        </Page>
      </div>
      <Related product={product} />
    </div>
  );
}

export function ProductPage() {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  return <ProductDetails key={id} id={id} />;
}
