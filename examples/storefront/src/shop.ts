/** What makes this shop this shop: its name, its client of the platform, and the ways to pay. */
import { browserSessionStore, createSpindle } from "@spindle-commerce/client";

/** The name in the header and in the titles. */
export const SHOP_NAME = "Whorl";

/** The client of the platform that serves this page. */
export const spindle = createSpindle({ sessionStore: browserSessionStore() });

/**
 * The currencies of the catalogue; the first is that of the filters by price unless the visitor chooses another. A shop with one shows no choice.
 */
export const CURRENCIES: readonly string[] = ["EUR", "USD", "GBP", "JPY"];

/** A way to pay, and the token that the payment provider knows it by. */
export interface PaymentChoice {
  token: string;
  label: string;
  explanation: string;
}

/**
 * The cards of the sandbox, which moves no money and decides by the token. The form of a real provider returns a token instead, and this list is
 * not needed any more.
 */
export const PAYMENT_CHOICES: readonly PaymentChoice[] = [
  {
    token: "pm_ok",
    label: "A card that pays",
    explanation: "The order is paid within seconds.",
  },
  {
    token: "pm_declined",
    label: "A card that is declined",
    explanation:
      "The order is cancelled for lack of funds, and its stock is released.",
  },
  {
    token: "pm_timeout",
    label: "A bank that does not answer",
    explanation:
      "The order waits for the payment. You can cancel it; after a quarter of an hour it is cancelled by itself.",
  },
  {
    token: "pm_flaky",
    label: "A bank that fails twice, then pays",
    explanation:
      "The platform tries again by itself, and the order is paid a little later.",
  },
];
