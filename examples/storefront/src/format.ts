/** Money, times and words as the visitor's browser writes them. */
import type { Money } from "@spindle-commerce/client";
import { currencyDecimals, formatMoney } from "@spindle-commerce/client";

/** The languages of the browser, in their order; `undefined` outside a browser means the default. */
const locales =
  typeof navigator === "undefined" ? undefined : navigator.languages;
const locale = locales?.[0];

const times = new Intl.DateTimeFormat(locale, {
  dateStyle: "medium",
  timeStyle: "short",
});
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });

/** Returns `money` with its currency: `€ 12.99`. */
export function money(value: Money): string {
  return formatMoney(value, locale);
}

/** Returns day and time: `29 Nov 2026, 20:00`. */
export function dateTime(time: string): string {
  return times.format(new Date(time));
}

/** Returns the time of day with seconds: `20:00:07`. */
export function timeOfDay(time: string): string {
  return clock.format(new Date(time));
}

/** Returns `1 item`, `2 items`. */
export function count(
  n: number,
  singular: string,
  plural = `${singular}s`,
): string {
  return `${new Intl.NumberFormat(locale).format(n)} ${n === 1 ? singular : plural}`;
}

/** Returns the minor units of an amount that was typed, with a point or a comma; `undefined` if it is none. */
export function minorUnits(
  typed: string,
  currency: string,
): number | undefined {
  const places = currencyDecimals(currency);
  const match = /^\s*(\d{1,12})(?:[.,](\d+))?\s*$/.exec(typed);
  if (!match) return undefined;
  const fraction = match[2] ?? "";
  if (fraction.length > places) return undefined;
  return Number(`${match[1] ?? ""}${fraction.padEnd(places, "0")}`);
}

/** Returns the name of an attribute of a product for people: `height_cm` is `Height (cm)`. */
export function attributeName(name: string): string {
  const units: Record<string, string> = {
    cm: "cm",
    mm: "mm",
    m: "m",
    g: "g",
    kg: "kg",
    ml: "ml",
    l: "l",
    w: "W",
    k: "K",
    c: "°C",
    h: "hours",
    gsm: "g/m²",
  };
  const words = name.split("_");
  const unit = words.length > 1 ? units[words.at(-1) ?? ""] : undefined;
  const text = (unit === undefined ? words : words.slice(0, -1)).join(" ");
  return (
    text.charAt(0).toUpperCase() +
    text.slice(1) +
    (unit === undefined ? "" : ` (${unit})`)
  );
}

/** Returns the value of an attribute of a product for people. */
export function attributeValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "number"
    ? new Intl.NumberFormat(locale).format(value)
    : value;
}

/** Returns the name of a category, which is made of its slug where the list of categories is not at hand. */
export function categoryName(slug: string): string {
  const text = slug.replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
