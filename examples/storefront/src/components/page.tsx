/** The frame of every page: its title, and its heading, which has the focus after a navigation. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useTitle } from "../use";

/** Whether a page was shown before: the first one leaves the focus where the browser puts it. */
let navigated = false;

/**
 * A page. `title` is that of the window, and also its first heading unless `heading` is given. When another page comes, its heading is focused, so that keyboard and screen reader start there; a change
 * of the query, such as another filter, leaves the focus where it is.
 */
export function Page(props: {
  title: string;
  heading?: ComponentChildren;
  lead?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(props.title);
  useEffect(() => {
    if (navigated) heading.current?.focus({ preventScroll: true });
    navigated = true;
  }, []);
  return (
    <div class={`page ${props.class ?? ""}`}>
      <header class="page-header">
        <h1 ref={heading} tabIndex={-1}>
          {props.heading ?? props.title}
        </h1>
        {props.lead && <div class="lead">{props.lead}</div>}
      </header>
      {props.children}
    </div>
  );
}

/** A part of a page with a heading, which names it. */
export function Section(props: {
  title: string;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <section class={`section ${props.class ?? ""}`} aria-label={props.title}>
      <div class="section-header">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
