/** Sums of money for people. */

import type { Money } from "./schema.js";

/** The currencies whose minor unit is not a hundredth, by the number of decimals (ISO 4217). */
const DECIMALS: Readonly<Record<number, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/** Returns the number of decimals of an amount in minor units of `currency`: 2 for EUR, whose `amount` is in cents. */
export function currencyDecimals(currency: string): number {
  const found = Object.entries(DECIMALS).find(([, codes]) =>
    codes.split(" ").includes(currency),
  );
  return found === undefined ? 2 : Number(found[0]);
}

/** Returns `money` as it is written in `locale`, that of the environment unless it is given: `€12.99`, `12,99 €`. */
export function formatMoney(
  money: Money,
  locale?: string | readonly string[],
): string {
  const decimals = currencyDecimals(money.currency);
  const format = new Intl.NumberFormat(locale as string | string[], {
    style: "currency",
    currency: money.currency,
    // Intl writes some currencies without decimals, such as HUF. It must not take them for whole units, or round them away.
    maximumFractionDigits: decimals,
  });
  return format.format(money.amount / 10 ** decimals);
}
