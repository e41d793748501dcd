/** The list of the customer's orders, with filters in the address of the page. */
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { OrderStatus } from "@spindle-commerce/client";
import { ProductArt } from "../art/art";
import { Loading, ProblemNotice, announce } from "../components/feedback";
import { SelectField, TextField } from "../components/form";
import { Page } from "../components/page";
import { RequireSession } from "../components/require-session";
import { count, dateTime, money } from "../format";
import { STATUS_OPTIONS, orderStatus } from "../order-words";
import { paths } from "../paths";
import { formErrors, outcome } from "../problems";
import { session } from "../session";
import { spindle } from "../shop";
import { useResource } from "../use";

type Query = Readonly<Record<string, string>>;

const FIELDS = {
  "/number": { name: "number", label: "Order number" },
  "/created_after": { name: "from", label: "Placed from" },
  "/created_before": { name: "until", label: "Placed until" },
};

function parseStatus(status: string | undefined): OrderStatus | undefined {
  return STATUS_OPTIONS.map(([known]) => known as OrderStatus).find(
    (known) => known === status,
  );
}

/** Returns the time at which a day begins here, a number of days later; `undefined` for what is no day. */
function midnight(day: string | undefined, later = 0): string | undefined {
  const time = day ? new Date(`${day}T00:00:00`) : undefined;
  if (!time || Number.isNaN(time.getTime())) return undefined;
  time.setDate(time.getDate() + later);
  return time.toISOString();
}

function Orders({ userId }: { userId: string }) {
  const { query: all, route } = useLocation();
  const query: Query = all;
  const status = parseStatus(query["status"]);
  const number = query["number"]?.trim().toUpperCase();
  const from = midnight(query["from"]);
  // The API excludes both ends: the last moment of the day before belongs to no list.
  const until = midnight(query["until"], 1);
  const request = {
    // An operator would see the orders of all customers.
    user_id: userId,
    limit: 10,
    ...(status && { status }),
    ...(number && { number }),
    ...(from && { created_after: from }),
    ...(until && { created_before: until }),
    ...(query["cursor"] && { cursor: query["cursor"] }),
  };
  const list = useResource(JSON.stringify(request), (signal) =>
    outcome(spindle.GET("/v1/orders", { params: { query: request }, signal })),
  );
  const errors =
    list.problem?.status === 400 ? formErrors(list.problem, FIELDS) : undefined;
  const [typed, setTyped] = useState(number ?? "");
  useEffect(() => setTyped(number ?? ""), [number]);

  const change = (changed: Query) => {
    const next = new URLSearchParams(
      Object.entries({ ...query, cursor: "", ...changed }).filter(
        ([, value]) => value !== "",
      ),
    ).toString();
    route(paths.orders + (next === "" ? "" : `?${next}`));
  };
  const search = () => {
    if (typed.trim() !== (number ?? "")) change({ number: typed.trim() });
  };
  const items = list.data?.items;
  const next = list.data?.next_cursor;
  const isFiltered = Boolean(status || number || from || until);
  const result =
    items &&
    (items.length === 0
      ? "No orders"
      : `${count(items.length, "order")} on this page`);
  useEffect(() => {
    if (result && !list.loading) announce(result);
  }, [result, list.loading]);

  return (
    <Page title="Orders">
      <form
        class="filters is-row"
        aria-label="Filters"
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <SelectField
          label="Status"
          value={status ?? ""}
          onValue={(value) => change({ status: value })}
          options={[["", "All"], ...STATUS_OPTIONS]}
        />
        <TextField
          label="Order number"
          placeholder="7KQ2-9M4T"
          autocomplete="off"
          value={typed}
          onValue={setTyped}
          onBlur={search}
          error={errors?.fields["number"]}
        />
        <TextField
          label="Placed from"
          type="date"
          value={query["from"] ?? ""}
          onValue={(value) => change({ from: value })}
          error={errors?.fields["from"]}
        />
        <TextField
          label="Placed until"
          type="date"
          value={query["until"] ?? ""}
          onValue={(value) => change({ until: value })}
          error={errors?.fields["until"]}
        />
      </form>
      {list.problem && (!errors || errors.others.length > 0) && (
        <ProblemNotice problem={list.problem} retry={list.reload} />
      )}
      {!items && list.loading && (
        <Loading rows={4} label="Loading your orders" />
      )}
      {items?.length === 0 && (
        <p>
          {isFiltered ? (
            <>
              No orders match. <a href={paths.orders}>See all orders</a>
            </>
          ) : (
            <>
              You have not ordered anything yet.{" "}
              <a href={paths.products}>See all products</a>
            </>
          )}
        </p>
      )}
      {items && items.length > 0 && (
        <ul class="order-list" role="list" aria-label="Orders">
          {items.map((order) => {
            const state = orderStatus(order);
            return (
              <li key={order.id} class="order-card">
                <div class="order-card-art">
                  {order.items.slice(0, 3).map((item) => (
                    <ProductArt
                      key={item.product_id}
                      sku={item.sku}
                      name={item.name}
                    />
                  ))}
                </div>
                <div>
                  <a href={paths.order(order.id)}>Order {order.number}</a>
                  <p class="small">
                    {dateTime(order.created_at)} ·{" "}
                    {count(
                      order.items.reduce((sum, item) => sum + item.quantity, 0),
                      "item",
                    )}
                  </p>
                </div>
                <p class={`badge is-${state.tone}`}>{state.text}</p>
                <p class="price">{money(order.total)}</p>
              </li>
            );
          })}
        </ul>
      )}
      {(next || query["cursor"]) && (
        <nav class="paging" aria-label="Pages">
          {query["cursor"] && (
            <button
              type="button"
              class="button is-quiet"
              onClick={() => change({})}
            >
              First page
            </button>
          )}
          {next && (
            <button
              type="button"
              class="button is-primary"
              onClick={() => change({ cursor: next })}
            >
              Next page
            </button>
          )}
        </nav>
      )}
    </Page>
  );
}

export function OrdersPage() {
  return (
    <RequireSession>
      <Orders userId={session.value?.user.id ?? ""} />
    </RequireSession>
  );
}
