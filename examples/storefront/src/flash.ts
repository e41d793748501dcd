/** A message for the next page, such as that an order was placed. */
import { signal } from "@preact/signals";

export interface Flash {
  tone: "good" | "warn";
  text: string;
}

/** The message, until another page takes its place. */
export const flash = signal<Flash | undefined>(undefined);
