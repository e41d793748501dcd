/** Who is logged in, as a signal. */
import { signal } from "@preact/signals";
import { spindle } from "./shop";

/** The session of the client; `undefined` while no user is logged in. */
export const session = signal(spindle.session);

spindle.onSessionChange(() => {
  session.value = spindle.session;
});
