/** The registration of a customer, which also logs in, and returns to the page that asked for it. */
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Form, TextField } from "../components/form";
import { Page } from "../components/page";
import { paths, returnPath } from "../paths";
import { NO_ERRORS, formErrors, outcome } from "../problems";
import { spindle } from "../shop";
import { useBusy } from "../use";

const FIELDS = {
  "/display_name": { name: "name", label: "Name" },
  "/email": { name: "email", label: "E-mail" },
  "/password": { name: "password", label: "Password" },
};

export function RegisterPage() {
  const { query, route } = useLocation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [errors, setErrors] = useState(NO_ERRORS);
  const [busy, run] = useBusy();
  const from = query["return"];
  const register = () =>
    run(async () => {
      const display_name = name.trim() === "" ? null : name.trim();
      const { problem } = await outcome(
        spindle.register({ email, password, display_name }),
      );
      if (problem) setErrors(formErrors(problem, FIELDS));
      else route(returnPath(from), true);
    });
  return (
    <Page
      title="Create an account"
      class="narrow"
      lead={
        <p>
          An account keeps your addresses and your orders.{" "}
          {from === paths.checkout && "Your cart stays as it is."}
        </p>
      }
    >
      <Form class="form panel" errors={errors} onSubmit={() => void register()}>
        <TextField
          label="Name (optional)"
          autocomplete="name"
          value={name}
          onValue={setName}
          error={errors.fields["name"]}
        />
        <TextField
          label="E-mail"
          type="email"
          autocomplete="username"
          required
          value={email}
          onValue={setEmail}
          error={errors.fields["email"]}
        />
        <TextField
          label="Password"
          type="password"
          autocomplete="new-password"
          required
          hint="At least 12 characters. A few words that are yours are easy to keep, and hard to guess."
          value={password}
          onValue={setPassword}
          error={errors.fields["password"]}
        />
        <Button type="submit" busy={busy}>
          Create account
        </Button>
      </Form>
      <p>
        You have an account? <a href={paths.logIn(from)}>Log in</a>
      </p>
    </Page>
  );
}
