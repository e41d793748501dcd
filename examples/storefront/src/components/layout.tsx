/** What surrounds every page: header with search and cart, footer, and the place for announcements. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { cart, pieces } from "../cart";
import { count } from "../format";
import { paths } from "../paths";
import { session } from "../session";
import { SHOP_NAME } from "../shop";
import { Announcer } from "./feedback";

/** The spiral of the shop. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M7.5 16a8.5 8.5 0 1 1 8.5 8.5M12 16a4 4 0 1 1 4 4" />
    </svg>
  );
}

function Search() {
  const { query, route, path } = useLocation();
  const searched = path === paths.products ? (query["q"] ?? "") : "";
  const [text, setText] = useState(searched);
  useEffect(() => setText(searched), [searched]);
  return (
    <form
      class="search"
      role="search"
      aria-label="Products"
      onSubmit={(event) => {
        event.preventDefault();
        const q = text.trim();
        route(
          q === ""
            ? paths.products
            : `${paths.products}?q=${encodeURIComponent(q)}`,
        );
      }}
    >
      <input
        type="search"
        name="q"
        aria-label="Search products"
        placeholder="Search, such as teapot or linen"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" aria-label="Search">
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <circle cx="10.5" cy="10.5" r="6.5" />
          <path d="M15.5 15.5L21 21" />
        </svg>
      </button>
    </form>
  );
}

function CartLink() {
  const n = pieces(cart.value);
  return (
    <a
      class="cart-link"
      href={paths.cart}
      aria-label={n === 0 ? "Cart, empty" : `Cart, ${count(n, "item")}`}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M5 8h14l1 12.5H4zM8.5 8V7a3.5 3.5 0 0 1 7 0v1" />
      </svg>
      {n > 0 && <span class="cart-count">{n}</span>}
    </a>
  );
}

/** The page in its frame. */
export function Layout({ children }: { children: ComponentChildren }) {
  const { path, url } = useLocation();
  const isEntry = path === paths.logIn() || path === paths.register();
  return (
    <>
      <a
        class="skip-link"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>("h1")?.focus();
        }}
      >
        Skip to content
      </a>
      <header class="banner">
        <div class="banner-row">
          <a class="brand" href={paths.home}>
            <Mark />
            {SHOP_NAME}
          </a>
          <Search />
          <nav class="banner-links" aria-label="Shop">
            <a
              class="products-link"
              href={paths.products}
              aria-current={path === paths.products ? "page" : undefined}
            >
              All products
            </a>
            {session.value ? (
              <>
                <a
                  class="orders-link"
                  href={paths.orders}
                  aria-current={path === paths.orders ? "page" : undefined}
                >
                  Orders
                </a>
                <a
                  href={paths.account}
                  aria-current={path === paths.account ? "page" : undefined}
                >
                  Account
                </a>
              </>
            ) : (
              <a
                href={isEntry ? url : paths.logIn(url)}
                aria-current={path === paths.logIn() ? "page" : undefined}
              >
                Log in
              </a>
            )}
            <CartLink />
          </nav>
        </div>
      </header>
      <main id="content">{children}</main>
      <footer class="footer">
        <p>
          {SHOP_NAME} is a demonstration: nothing is sold, and no money moves.
          It runs on Spindle, and uses nothing but its public API.
        </p>
        <p>
          <a href="/docs">The API behind this shop</a>
        </p>
      </footer>
      <Announcer />
    </>
  );
}
