/** An order: its status, and its timeline as it happens. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type {
  Order,
  OrderProgress,
  OrderTimeline,
  Problem,
} from "@spindle-commerce/client";
import { watchOrder } from "@spindle-commerce/client";
import { add, cart } from "../cart";
import { Address } from "../components/address";
import { Dialog } from "../components/dialog";
import {
  Loading,
  Notice,
  ProblemNotice,
  announce,
} from "../components/feedback";
import { Button } from "../components/form";
import { OrderLines } from "../components/order-lines";
import { Page, Section } from "../components/page";
import { RequireSession } from "../components/require-session";
import { currentProducts } from "../current-products";
import { flash } from "../flash";
import { dateTime, money, timeOfDay } from "../format";
import {
  canCancel,
  cancellation,
  entryTone,
  orderStatus,
  paymentStatus,
} from "../order-words";
import { paths } from "../paths";
import { kind, outcome, problemOf } from "../problems";
import { spindle } from "../shop";
import { useBusy, useResource } from "../use";
import { NotFoundPage } from "./not-found";

/** Follows an order for as long as the page is shown. `turn` begins again at once, as after a change. */
function useOrder(
  id: string,
  turn: number,
): { progress?: OrderProgress | undefined; problem?: Problem | undefined } {
  const [state, setState] = useState<{
    progress?: OrderProgress;
    problem?: Problem;
  }>({});
  const seen = useRef(0);
  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      try {
        for await (const progress of watchOrder(spindle, id, {
          signal: abort.signal,
        })) {
          const { items } = progress.timeline;
          // The first entries are read with the page; later ones are announced.
          const added = seen.current === 0 ? [] : items.slice(seen.current);
          seen.current = items.length;
          setState({ progress });
          if (added.length > 0)
            announce(added.map((entry) => entry.detail).join(" "));
        }
      } catch (error) {
        if (abort.signal.aborted) return;
        const problem = problemOf(error);
        setState((before) => ({ ...before, problem }));
      }
    })();
    return () => abort.abort();
  }, [id, turn]);
  return state;
}

function Timeline({ timeline }: { timeline: OrderTimeline }) {
  const { items, awaiting } = timeline;
  return (
    <Section title="Timeline" class="panel">
      <ol class="timeline" role="list" aria-label="Timeline of the order">
        {items.map((entry, i) => (
          <li key={i} class={`is-${entryTone(entry.kind)}`}>
            <p>{entry.detail}</p>
            <time dateTime={entry.at}>{timeOfDay(entry.at)}</time>
          </li>
        ))}
        {awaiting && (
          <li class="is-waiting">
            <p>{awaiting.what}</p>
            {awaiting.until && (
              <p class="small">Until {timeOfDay(awaiting.until)}</p>
            )}
          </li>
        )}
      </ol>
    </Section>
  );
}

function PaymentStatus({ order, version }: { order: Order; version: string }) {
  const payments = useResource(version, (signal) =>
    outcome(
      spindle.GET("/v1/payments", {
        params: { query: { order_id: order.id } },
        signal,
      }),
    ),
  );
  return (
    <Section title="Payment" class="panel">
      {payments.problem && (
        <ProblemNotice problem={payments.problem} retry={payments.reload} />
      )}
      {payments.data?.items.map((payment) => (
        <p key={payment.id}>
          <strong>{money(payment.amount)}</strong> {paymentStatus(payment)}
        </p>
      ))}
      {payments.data?.items.length === 0 && (
        <p>The payment is being prepared.</p>
      )}
    </Section>
  );
}

function CancelOrder({
  order,
  onCancelled,
}: {
  order: Order;
  onCancelled: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const [busy, run] = useBusy();
  const cancel = () =>
    run(async () => {
      const answer = await outcome(
        spindle.POST("/v1/orders/{id}/cancel", {
          params: { path: { id: order.id } },
        }),
      );
      setProblem(answer.problem);
      setAsking(false);
      onCancelled();
    });
  return (
    <>
      {problem && <ProblemNotice problem={problem} />}
      {canCancel(order) && (
        <Button kind="danger" onClick={() => setAsking(true)}>
          Cancel order
        </Button>
      )}
      {asking && (
        <Dialog title="Cancel this order?" onClose={() => setAsking(false)}>
          <p>
            {order.status === "paid"
              ? "The payment is returned in full, and the items are released."
              : "Nothing is charged, and the items are released."}
          </p>
          <p class="actions">
            <Button kind="quiet" onClick={() => setAsking(false)}>
              Keep the order
            </Button>
            <Button kind="danger" busy={busy} onClick={() => void cancel()}>
              Yes, cancel it
            </Button>
          </p>
        </Dialog>
      )}
    </>
  );
}

/** Puts the items of an order that came to nothing back into the cart, at the prices of now. */
function OrderAgain({ order }: { order: Order }) {
  const { route } = useLocation();
  const [busy, run] = useBusy();
  const again = () =>
    run(async () => {
      const { data } = await currentProducts(
        order.items.map((item) => item.product_id),
      );
      for (const item of order.items) {
        const product = data?.get(item.product_id);
        if (product?.status === "active")
          cart.value = add(cart.value, product, item.quantity);
      }
      route(paths.cart);
    });
  return (
    <Button busy={busy} onClick={() => void again()}>
      Put the items back into the cart
    </Button>
  );
}

function Details({ id }: { id: string }) {
  const [turn, setTurn] = useState(0);
  const { progress, problem } = useOrder(id, turn);
  const message = flash.value;
  // The message is about the order that was just placed, and gone with the next page.
  useEffect(() => () => void (flash.value = undefined), []);
  const again = () => setTurn((n) => n + 1);

  if (!progress) {
    if (!problem) return <Loading rows={4} label="Loading the order" />;
    if (kind(problem) === "not-found" || problem.status === 400)
      return <NotFoundPage />;
    return (
      <Page title="Order">
        <ProblemNotice problem={problem} retry={again} />
      </Page>
    );
  }
  const { order, timeline } = progress;
  const status = orderStatus(order);
  const why = cancellation(order);
  return (
    <Page
      title={`Order ${order.number}`}
      lead={
        <p class="order-lead">
          <span
            role="status"
            aria-label="Order status"
            class={`badge is-${status.tone}`}
          >
            {status.text}
          </span>
          <span>Placed {dateTime(order.created_at)}</span>
        </p>
      }
    >
      {message && !why && (
        <Notice tone={message.tone}>
          <p>{message.text}</p>
        </Notice>
      )}
      {problem && <ProblemNotice problem={problem} retry={again} />}
      {why && (
        <Notice tone={order.cancel_reason === "requested" ? "plain" : "bad"}>
          <p>{why}</p>
          <p class="actions">
            <OrderAgain order={order} />
          </p>
        </Notice>
      )}
      <div class="with-aside">
        <div class="stack">
          <Timeline timeline={timeline} />
          <Section title="Items" class="panel">
            <OrderLines
              lines={order.items.map((item) => ({
                productId: item.product_id,
                sku: item.sku,
                name: item.name,
                quantity: item.quantity,
                unitPrice: item.unit_price,
                total: item.line_total,
              }))}
              adjustments={order.adjustments}
              totals={[order.total]}
            />
          </Section>
        </div>
        <div class="stack">
          <PaymentStatus
            order={order}
            version={`${order.updated_at} ${timeline.items.length}`}
          />
          <Section title="Delivery address" class="panel">
            <Address {...order.shipping_address} />
          </Section>
          <CancelOrder order={order} onCancelled={again} />
          <p>
            <a href={paths.orders}>All your orders</a>
          </p>
        </div>
      </div>
    </Page>
  );
}

export function OrderPage() {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  return (
    <RequireSession>
      <Details key={id} id={id} />
    </RequireSession>
  );
}
