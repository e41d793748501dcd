/** The log-in, which returns to the page that asked for it. */
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Form, TextField } from "../components/form";
import { Page } from "../components/page";
import { paths, returnPath } from "../paths";
import { NO_ERRORS, formErrors, outcome } from "../problems";
import { spindle } from "../shop";
import { useBusy } from "../use";

const FIELDS = {
  "/email": { name: "email", label: "E-mail" },
  "/password": { name: "password", label: "Password" },
};

export function LogInPage() {
  const { query, route } = useLocation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [errors, setErrors] = useState(NO_ERRORS);
  const [busy, run] = useBusy();
  const from = query["return"];
  const logIn = () =>
    run(async () => {
      const { problem } = await outcome(spindle.logIn({ email, password }));
      if (problem) setErrors(formErrors(problem, FIELDS));
      else route(returnPath(from), true);
    });
  return (
    <Page
      title="Log in"
      class="narrow"
      lead={
        from === paths.checkout && (
          <p>Log in to place your order. Your cart stays as it is.</p>
        )
      }
    >
      <Form class="form panel" errors={errors} onSubmit={() => void logIn()}>
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
          autocomplete="current-password"
          required
          value={password}
          onValue={setPassword}
          error={errors.fields["password"]}
        />
        <Button type="submit" busy={busy}>
          Log in
        </Button>
      </Form>
      <p>
        New here? <a href={paths.register(from)}>Create an account</a>
      </p>
    </Page>
  );
}
