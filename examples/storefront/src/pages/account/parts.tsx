/** What the parts of the account page share. */
import { useState } from "preact/hooks";
import type { Problem } from "@spindle-commerce/client";
import { Dialog } from "../../components/dialog";
import { Notice } from "../../components/feedback";
import { Button, Form, TextField } from "../../components/form";
import { formErrors, kind, outcome } from "../../problems";
import { spindle } from "../../shop";
import { useBusy } from "../../use";

/**
 * The answer to a 412: the same customer in another window, or an operator, has changed the account since it was read. `values` are those that
 * have changed. What was typed stays in the form, and the customer decides which of the two is kept.
 */
export function ChangedMeanwhile(props: {
  values: readonly (readonly [label: string, value: string])[];
  onTake: () => void;
}) {
  return (
    <Notice tone="warn" title="Changed meanwhile" alert>
      <p>
        Your account was changed elsewhere, perhaps in another window, and what
        you typed is not saved yet.
      </p>
      <ul>
        {props.values.map(([label, value]) => (
          <li key={label}>
            {label} is now: <strong>{value || "nothing"}</strong>
          </li>
        ))}
      </ul>
      <p>Save again to keep what you typed.</p>
      <Button kind="quiet" onClick={props.onTake}>
        Drop what I typed
      </Button>
    </Notice>
  );
}

/** Says that a form was saved. */
export function Saved({ children = "Saved." }: { children?: string }) {
  return (
    <p class="saved" role="status">
      {children}
    </p>
  );
}

/** Returns whether the platform asks for the password first. */
export function needsPassword(problem: Problem | undefined): boolean {
  return problem !== undefined && kind(problem) === "recent-login-required";
}

/**
 * Asks for the password, which the platform wants for what could take over an account. `onConfirmed` runs after a log-in: the new session has the right.
 */
export function ConfirmWithPassword(props: {
  email: string;
  onConfirmed: () => void;
  onClose: () => void;
}) {
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Problem | undefined>();
  const [busy, run] = useBusy();
  const errors =
    problem &&
    formErrors(problem, {
      "/password": { name: "password", label: "Password" },
    });
  const confirm = () =>
    run(async () => {
      const answer = await outcome(
        spindle.logIn({ email: props.email, password }),
      );
      setProblem(answer.problem);
      if (!answer.problem) props.onConfirmed();
    });
  return (
    <Dialog title="Confirm with your password" onClose={props.onClose}>
      <Form {...(errors && { errors })} onSubmit={() => void confirm()}>
        <p>Your log-in is some time ago, so please show that it is you.</p>
        <TextField
          label="Your password"
          type="password"
          autocomplete="current-password"
          value={password}
          onValue={setPassword}
          error={errors?.fields["password"]}
        />
        <p class="actions">
          <Button kind="quiet" onClick={props.onClose}>
            Back
          </Button>
          <Button type="submit" busy={busy}>
            Confirm
          </Button>
        </p>
      </Form>
    </Dialog>
  );
}
