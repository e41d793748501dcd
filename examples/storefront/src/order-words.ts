/** Orders and payments in the words of the shop: pure. A value that is newer than this release is shown as it is. */
import type {
  Order,
  OrderStatus,
  Payment,
  TimelineEntry,
} from "@spindle-commerce/client";

export type Tone = "good" | "bad" | "warn" | "plain";

const STATUSES: Readonly<Record<OrderStatus, { text: string; tone: Tone }>> = {
  pending_payment: { text: "Waiting for payment", tone: "warn" },
  paid: { text: "Paid", tone: "good" },
  fulfilled: { text: "Shipped", tone: "good" },
  cancelled: { text: "Cancelled", tone: "bad" },
};

/** The statuses, for a filter. */
export const STATUS_OPTIONS = Object.entries(STATUSES).map(
  ([status, { text }]) => [status, text] as const,
);

/** Returns the status of an order. */
export function orderStatus(order: Pick<Order, "status">): {
  text: string;
  tone: Tone;
} {
  return STATUSES[order.status] ?? { text: order.status, tone: "plain" };
}

/** Returns whether the customer may still cancel: until the order is shipped. */
export function canCancel(order: Pick<Order, "status">): boolean {
  return order.status === "pending_payment" || order.status === "paid";
}

/** Returns why an order was cancelled; `undefined` unless it was. */
export function cancellation(
  order: Pick<Order, "cancel_reason" | "decline">,
): string | undefined {
  switch (order.cancel_reason) {
    case null:
      return undefined;
    case "requested":
      return "The order was cancelled, as you asked. If it was paid, the money is on its way back.";
    case "payment_declined": {
      if (order.decline?.code === "provider_error") {
        return "The payment could not be carried out. That is not the fault of your card: the shop has to look into it. Nothing is charged.";
      }
      const reason = order.decline?.detail ? `: ${order.decline.detail}` : "";
      return `The payment was declined${reason}. Nothing is charged, and another card may work.`;
    }
    case "payment_timeout":
      return "The bank did not confirm the payment in time. Nothing is charged.";
    case "stock_gone":
      return "The payment came too late: the items were no longer reserved for you. Nothing is charged.";
    case "payment_refunded":
      return "The shop has refunded the payment, and will not ship the order.";
    default:
      return "The order was cancelled.";
  }
}

const PAYMENTS: Readonly<Record<Payment["status"], string>> = {
  requested: "Waiting for the bank. Nothing is charged yet.",
  authorized: "The bank has set the money aside.",
  captured: "Charged.",
  declined: "Declined. Nothing is charged.",
  voided: "Not charged.",
  refunded: "Refunded in full.",
};

/** Returns where the money of a payment is. */
export function paymentStatus(payment: Pick<Payment, "status">): string {
  return PAYMENTS[payment.status] ?? payment.status;
}

/** Returns how to show an entry of the timeline. */
export function entryTone(kind: TimelineEntry["kind"]): Tone {
  switch (kind) {
    case "paid":
    case "payment_captured":
    case "fulfilled":
      return "good";
    case "payment_declined":
    case "cancelled":
      return "bad";
    default:
      return "plain";
  }
}
