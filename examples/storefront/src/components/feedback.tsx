/** What a page shows while it has nothing else: that it loads, or why it cannot. And the messages that are read out. */
import type { ComponentChildren } from "preact";
import { signal } from "@preact/signals";
import type { Problem } from "@spindle-commerce/client";
import { sentence } from "../problems";
import { Button } from "./form";

/** A message within a page. `alert` has it read out at once. */
export function Notice(props: {
  tone?: "good" | "bad" | "warn" | "plain";
  title?: string;
  alert?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div
      class={`notice is-${props.tone ?? "plain"}`}
      role={props.alert ? "alert" : undefined}
    >
      {props.title && <p class="notice-title">{props.title}</p>}
      {props.children}
    </div>
  );
}

/** Why a page or a part of it could not be read, with the number to quote, and another try if that can help. */
export function ProblemNotice({
  problem,
  retry,
}: {
  problem: Problem;
  retry?: () => void;
}) {
  return (
    <Notice tone="bad" alert>
      <p>{sentence(problem)}</p>
      {problem.status >= 500 && problem.request_id && (
        <p class="small">Request {problem.request_id}</p>
      )}
      {retry && (
        <Button kind="quiet" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

/** Grey shapes in place of what is being read. */
export function Loading({
  rows = 3,
  label = "Loading",
}: {
  rows?: number;
  label?: string;
}) {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton" />
      ))}
    </div>
  );
}

const announcement = signal("");

/** Has a screen reader say `text`, without moving the focus. */
export function announce(text: string): void {
  // The same text twice in a row would be no change, and so not be read.
  announcement.value = announcement.peek() === text ? `${text}\u00a0` : text;
}

/** The place from which announcements are read; once on the page. */
export function Announcer() {
  return (
    <div class="visually-hidden" role="status" aria-label="Announcements">
      {announcement.value}
    </div>
  );
}
