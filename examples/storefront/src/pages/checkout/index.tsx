/** The checkout: address, payment, and the button that places the order once, however often it is pressed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type {
  PlaceOrderRequest,
  PriceChangedProblem,
  Problem,
  SavedAddressInput,
  User,
} from "@spindle-commerce/client";
import { etagOf, idempotencyKey } from "@spindle-commerce/client";
import {
  ADDRESS_FIELDS,
  emptyDraft,
  requestedAddress,
  savedAddress,
} from "../../address";
import type { CartLine } from "../../cart";
import { cart, lineTotal, totals, withoutOrdered } from "../../cart";
import type { Attempt } from "../../checkout-attempt";
import {
  beginAttempt,
  endAttempt,
  isFresh,
  isSame,
  isUnanswered,
  openAttempt,
  sendAttempt,
} from "../../checkout-attempt";
import { Address, AddressFields } from "../../components/address";
import { Loading, Notice, ProblemNotice } from "../../components/feedback";
import { Button, Checkbox, Form, Radio } from "../../components/form";
import { OrderLines } from "../../components/order-lines";
import { Page, Section } from "../../components/page";
import { RequireSession } from "../../components/require-session";
import { flash } from "../../flash";
import { paths } from "../../paths";
import {
  NO_ERRORS,
  formErrors,
  itemIndexes,
  kind,
  outcome,
} from "../../problems";
import { session } from "../../session";
import { PAYMENT_CHOICES, spindle } from "../../shop";
import { browserStore } from "../../storage";
import { useBusy, useResource } from "../../use";
import { PriceChanged, Shortage } from "./refusals";

const store = browserStore();

/** Why the last attempt did not place an order, where it is not an error of a field. */
type Refusal =
  | { kind: "shortage"; lines: readonly CartLine[] }
  | { kind: "price-changed"; problem: PriceChangedProblem }
  | { kind: "unanswered"; problem: Problem };

const post = (key: string, body: PlaceOrderRequest) =>
  outcome(
    spindle.POST("/v1/orders", {
      params: { header: { "Idempotency-Key": key } },
      body,
    }),
  );

/** Adds an address to those of the user. Another change meanwhile is no obstacle: it is read, and the address added to it. */
async function saveAddress(
  user: User,
  etag: string,
  address: SavedAddressInput,
): Promise<boolean> {
  let [addresses, tag] = [user.addresses, etag];
  for (let attempt = 0; attempt < 3; attempt++) {
    const { problem } = await outcome(
      spindle.PATCH("/v1/users/me", {
        params: { header: { "If-Match": tag } },
        body: { addresses: [...addresses, address] },
      }),
    );
    if (!problem) return true;
    if (problem.status !== 412) return false;
    const current = await outcome(spindle.GET("/v1/users/me"));
    if (!current.data) return false;
    [addresses, tag] = [current.data.addresses, etagOf(current.response)];
  }
  return false;
}

function Checkout({ user, etag }: { user: User; etag: string }) {
  const { route } = useLocation();
  const [addressId, setAddressId] = useState(user.addresses[0]?.id ?? "");
  const [draft, setDraft] = useState(() =>
    emptyDraft(user.display_name ?? "", navigator.language),
  );
  const [save, setSave] = useState(true);
  const [token, setToken] = useState(PAYMENT_CHOICES[0]?.token ?? "");
  const [errors, setErrors] = useState(NO_ERRORS);
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const [waiting, setWaiting] = useState<Attempt | undefined>();
  const [busy, run] = useBusy();
  const isShown = useRef(true);
  useEffect(() => () => void (isShown.current = false), []);

  const [total] = totals(cart.value);
  // An order has one currency: the rest stays in the cart for another.
  const lines = cart.value.filter(
    (line) => line.unitPrice.currency === total?.currency,
  );
  const rest = cart.value.length - lines.length;

  /** Sends an attempt, and deals with its answer. */
  const send = async (attempt: Attempt): Promise<void> => {
    setErrors(NO_ERRORS);
    setRefusal(undefined);
    setWaiting(undefined);
    const { outcome: answer, body } = await sendAttempt(attempt, post);
    const { data: order, problem } = answer;
    if (problem && isUnanswered(problem)) {
      setRefusal({ kind: "unanswered", problem });
      return;
    }
    const isFirst = endAttempt(store, attempt.key);
    const isLatest = isSame(body, attempt.body);
    if (order) {
      if (isFirst) cart.value = withoutOrdered(cart.value, order.items);
      flash.value = isLatest
        ? { tone: "good", text: "Thank you. Your order is placed." }
        : {
            tone: "warn",
            text: "Your first try had reached us: this is its order. What you changed afterwards is not ordered.",
          };
      if (
        isFirst &&
        isLatest &&
        attempt.saveAddress &&
        !(await saveAddress(user, etag, attempt.saveAddress))
      ) {
        flash.value = {
          tone: "warn",
          text: "Your order is placed. The address could not be saved to your account.",
        };
      }
      if (isShown.current) route(paths.order(order.id), true);
      return;
    }
    if (!problem) return;
    // An earlier try was refused. The one that the customer means now takes another key.
    if (!isLatest)
      return send(
        beginAttempt(
          store,
          { ...attempt, newKey: idempotencyKey() },
          Date.now(),
        ),
      );
    refuse(problem, attempt.body);
  };

  const refuse = (problem: Problem, body: PlaceOrderRequest) => {
    const products = itemIndexes(problem).map(
      (index) => body.items[index]?.product_id,
    );
    const affected = cart.value.filter((line) =>
      products.includes(line.productId),
    );
    if (kind(problem) === "price-changed")
      setRefusal({
        kind: "price-changed",
        problem: problem as PriceChangedProblem,
      });
    else if (affected.length > 0)
      setRefusal({ kind: "shortage", lines: affected });
    else setErrors(formErrors(problem, ADDRESS_FIELDS, "/shipping_address"));
  };

  const place = () =>
    run(async () => {
      const body: PlaceOrderRequest = {
        items: lines.map((line) => ({
          product_id: line.productId,
          quantity: line.quantity,
          expected_unit_price: line.unitPrice,
        })),
        payment_method: { token },
        ...(addressId === ""
          ? { shipping_address: requestedAddress(draft) }
          : { shipping_address_id: addressId }),
      };
      const toSave = addressId === "" && save ? savedAddress(draft) : undefined;
      await send(
        beginAttempt(
          store,
          {
            newKey: idempotencyKey(),
            userId: user.id,
            body,
            saveAddress: toSave,
          },
          Date.now(),
        ),
      );
    });

  // An attempt that was interrupted, by a reload for example, goes on.
  useEffect(() => {
    const open = openAttempt(store, user.id, Date.now());
    if (!open) return;
    if (isFresh(open, Date.now())) void run(() => send(open));
    else setWaiting(open);
  }, []);

  if (lines.length === 0 || !total) {
    return busy ? (
      <Loading label="Placing your order" />
    ) : (
      <>
        <p>Your cart is empty.</p>
        <a class="button is-primary" href={paths.products}>
          See all products
        </a>
      </>
    );
  }
  return (
    <>
      {waiting && (
        <Notice tone="warn" title="An earlier order has no answer" alert>
          <p>
            It may have been placed. Ask again to see it, or forget it after a
            look at your orders.
          </p>
          <p class="actions">
            <Button onClick={() => void run(() => send(waiting))} busy={busy}>
              Ask again
            </Button>
            <Button
              kind="quiet"
              onClick={() => {
                endAttempt(store, waiting.key);
                setWaiting(undefined);
              }}
            >
              Forget it
            </Button>
            <a href={paths.orders}>Your orders</a>
          </p>
        </Notice>
      )}
      {refusal?.kind === "shortage" && (
        <Shortage lines={refusal.lines} onDone={() => setRefusal(undefined)} />
      )}
      {refusal?.kind === "price-changed" && (
        <PriceChanged
          problem={refusal.problem}
          onDone={() => setRefusal(undefined)}
        />
      )}
      {refusal?.kind === "unanswered" && (
        <Notice tone="warn" title="There is no answer yet" alert>
          <p>
            Your order may have been placed. Place it again to find out: it is
            not ordered twice.
          </p>
        </Notice>
      )}
      <Form
        label="Checkout"
        class="with-aside"
        errors={errors}
        onSubmit={() => void place()}
      >
        <div class="checkout-steps">
          <fieldset class="panel">
            <legend>Delivery address</legend>
            {user.addresses.map((address) => (
              <Radio
                key={address.id}
                name="address"
                label={address.label ?? address.name}
                checked={addressId === address.id}
                onSelect={() => setAddressId(address.id)}
              >
                <Address {...address} />
              </Radio>
            ))}
            {user.addresses.length > 0 && (
              <Radio
                name="address"
                label="Another address"
                checked={addressId === ""}
                onSelect={() => setAddressId("")}
              />
            )}
            {addressId === "" && (
              <>
                <AddressFields
                  draft={draft}
                  errors={errors.fields}
                  withLabel={save}
                  onChange={setDraft}
                />
                <Checkbox
                  label="Save this address to my account"
                  checked={save}
                  onValue={setSave}
                />
              </>
            )}
          </fieldset>
          <fieldset class="panel">
            <legend>Payment</legend>
            <p class="hint">
              No money moves here: a sandbox stands in for the payment service.
              Choose what it should do with this order.
            </p>
            {PAYMENT_CHOICES.map((choice) => (
              <Radio
                key={choice.token}
                name="payment"
                label={choice.label}
                checked={token === choice.token}
                onSelect={() => setToken(choice.token)}
              >
                {choice.explanation} <code>{choice.token}</code>
              </Radio>
            ))}
          </fieldset>
        </div>
        <Section title="Your order" class="panel">
          <OrderLines
            lines={lines.map((line) => ({ ...line, total: lineTotal(line) }))}
            totals={[total]}
          />
          {rest > 0 && (
            <p class="small">
              The items in other currencies stay in your cart for another order.
            </p>
          )}
          <Button type="submit" busy={busy}>
            {busy ? "Placing the order…" : "Place order"}
          </Button>
          <p class="small">
            <a href={paths.cart}>Change the cart</a>
          </p>
        </Section>
      </Form>
    </>
  );
}

function CheckoutForCustomer() {
  const me = useResource(session.value?.user.id ?? "", (signal) =>
    outcome(spindle.GET("/v1/users/me", { signal })),
  );
  return (
    <Page title="Checkout">
      {me.problem && <ProblemNotice problem={me.problem} retry={me.reload} />}
      {!me.data && me.loading && <Loading />}
      {me.data && me.response && (
        <Checkout user={me.data} etag={etagOf(me.response)} />
      )}
    </Page>
  );
}

export function CheckoutPage() {
  return (
    <RequireSession>
      <CheckoutForCustomer />
    </RequireSession>
  );
}
