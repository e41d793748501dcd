/** Pages for customers only. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { paths } from "../paths";
import { session } from "../session";

/** Shows `children` to a customer who is logged in, and sends others to the log-in, from where they come back. */
export function RequireSession({ children }: { children: ComponentChildren }) {
  const { url, route } = useLocation();
  const isIn = session.value !== undefined;
  useEffect(() => {
    if (!isIn) route(paths.logIn(url), true);
  }, [isIn]);
  return isIn ? <>{children}</> : null;
}
