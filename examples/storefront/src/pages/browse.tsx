/** The list of products: search, filters, order and pages, all of which are in the address. */
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { ProblemNotice, announce } from "../components/feedback";
import { Checkbox, SelectField, TextField } from "../components/form";
import { Page } from "../components/page";
import { ProductGrid, ProductGridLoading } from "../components/product-card";
import { categoryName, count, minorUnits } from "../format";
import { paths } from "../paths";
import { outcome } from "../problems";
import type { ProductFilters, Sort } from "../product-query";
import {
  SORTS,
  changeFilters,
  filterQuery,
  parseFilters,
  productQuery,
} from "../product-query";
import { CURRENCIES, spindle } from "../shop";
import { useResource } from "../use";

const SORT_NAMES: Readonly<Record<Sort, string>> = {
  relevance: "Best match",
  newest: "Newest first",
  price: "Price, lowest first",
  "-price": "Price, highest first",
  name: "Name",
};

const PAGE_SIZE = 24;

/** A field for a price, which applies when it is left or with Enter. */
function PriceField(props: {
  label: string;
  value: string;
  currency: string;
  onApply: (value: string) => void;
}) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const isWrong =
    text.trim() !== "" && minorUnits(text, props.currency) === undefined;
  const apply = () => {
    if (!isWrong && text.trim() !== props.value) props.onApply(text.trim());
  };
  return (
    <TextField
      label={props.label}
      inputMode="decimal"
      autocomplete="off"
      value={text}
      onValue={setText}
      error={
        isWrong ? "This is not an amount, such as 12 or 12.50." : undefined
      }
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === "Enter") apply();
      }}
    />
  );
}

function Filters(props: {
  filters: ProductFilters;
  currency: string;
  change: (changed: Partial<ProductFilters>) => void;
}) {
  const { filters, currency, change } = props;
  const categories = useResource("categories", (signal) =>
    outcome(spindle.GET("/v1/categories", { signal })),
  );
  const known = categories.data?.items ?? [];
  const options = known.map(({ slug, name }) => [slug, name] as const);
  // The chosen one is there before the list is, or the field would show another.
  if (
    filters.category &&
    !known.some(({ slug }) => slug === filters.category)
  ) {
    options.push([filters.category, categoryName(filters.category)]);
  }
  const isFiltered =
    filterQuery({ ...filters, q: "", sort: "", cursor: "" }) !== "";
  const defaultSort: Sort = filters.q ? "relevance" : "newest";
  return (
    <form
      class="filters"
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <SelectField
        label="Category"
        value={filters.category}
        onValue={(category) => change({ category })}
        options={[["", "All"], ...options]}
      />
      <SelectField
        label="Sort by"
        value={filters.sort || defaultSort}
        onValue={(sort) =>
          change({ sort: SORTS.find((known) => known === sort) ?? "" })
        }
        options={SORTS.filter((sort) => sort !== "relevance" || filters.q).map(
          (sort) => [sort, SORT_NAMES[sort]],
        )}
      />
      {CURRENCIES.length > 1 && (
        <SelectField
          label="Currency"
          value={filters.currency}
          onValue={(currency) => change({ currency })}
          options={[
            ["", "All"],
            ...CURRENCIES.map((code) => [code, code] as const),
          ]}
        />
      )}
      <PriceField
        label="Lowest price"
        value={filters.min_price}
        currency={currency}
        onApply={(min_price) => change({ min_price })}
      />
      <PriceField
        label="Highest price"
        value={filters.max_price}
        currency={currency}
        onApply={(max_price) => change({ max_price })}
      />
      <Checkbox
        label="In stock only"
        checked={filters.in_stock}
        onValue={(in_stock) => change({ in_stock })}
      />
      {isFiltered && (
        <a
          class="clear-filters"
          href={
            paths.products +
            filterQuery(parseFilters({ q: filters.q, sort: filters.sort }))
          }
        >
          Clear filters
        </a>
      )}
    </form>
  );
}

export function BrowsePage() {
  const { query, route } = useLocation();
  const filters = parseFilters(query);
  const [defaultCurrency = "EUR"] = CURRENCIES;
  const currency = filters.currency || defaultCurrency;
  const request = productQuery(filters, defaultCurrency, PAGE_SIZE);
  const list = useResource(JSON.stringify(request), (signal) =>
    outcome(
      spindle.GET("/v1/products", { params: { query: request }, signal }),
    ),
  );
  const items = list.data?.items;
  const result =
    items &&
    (items.length === 0
      ? "No products match"
      : `${count(items.length, "product")} on this page`);
  const title = filters.q
    ? `Results for “${filters.q}”`
    : filters.category
      ? categoryName(filters.category)
      : "All products";
  const next = list.data?.next_cursor;

  useEffect(() => {
    if (result && !list.loading) announce(result);
  }, [result, list.loading]);

  return (
    <Page title={title}>
      <div class="browse">
        <Filters
          filters={filters}
          currency={currency}
          change={(changed) =>
            route(paths.products + filterQuery(changeFilters(filters, changed)))
          }
        />
        <div class="browse-list">
          {list.problem && (
            <ProblemNotice problem={list.problem} retry={list.reload} />
          )}
          {items && <p class="result-count">{result}</p>}
          {items && items.length > 0 && (
            <div
              class={list.loading ? "is-stale" : undefined}
              aria-busy={list.loading}
            >
              <ProductGrid products={items} label="Products" />
            </div>
          )}
          {items?.length === 0 && !list.loading && (
            <p>
              Try fewer words or filters, or{" "}
              <a href={paths.products}>see all products</a>.
            </p>
          )}
          {!items && list.loading && <ProductGridLoading cards={12} />}
          {(next || filters.cursor) && !list.problem && (
            <nav class="paging" aria-label="Pages">
              {filters.cursor && (
                <a
                  class="button is-quiet"
                  href={
                    paths.products + filterQuery({ ...filters, cursor: "" })
                  }
                >
                  First page
                </a>
              )}
              {next && (
                <a
                  class="button is-primary"
                  href={
                    paths.products + filterQuery({ ...filters, cursor: next })
                  }
                >
                  Next page
                </a>
              )}
            </nav>
          )}
        </div>
      </div>
    </Page>
  );
}
