/** Password, sessions, and the customer's data. */
import { useState } from "preact/hooks";
import type { Problem, Session } from "@spindle-commerce/client";
import { Dialog } from "../../components/dialog";
import { Loading, ProblemNotice, announce } from "../../components/feedback";
import { Button, Form, TextField } from "../../components/form";
import { Section } from "../../components/page";
import { dateTime } from "../../format";
import { NO_ERRORS, formErrors, kind, outcome } from "../../problems";
import { spindle } from "../../shop";
import { useBusy, useResource } from "../../use";
import type { Account } from "./account";
import { ConfirmWithPassword, Saved, needsPassword } from "./parts";

const FIELDS = {
  "/current": { name: "current", label: "Current password" },
  "/new": { name: "new", label: "New password" },
};

export function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [errors, setErrors] = useState(NO_ERRORS);
  const [saved, setSaved] = useState(false);
  const [busy, run] = useBusy();
  const change = () =>
    run(async () => {
      const { problem } = await outcome(
        spindle.POST("/v1/auth/password", { body: { current, new: next } }),
      );
      setSaved(!problem);
      if (!problem) {
        setErrors(NO_ERRORS);
        setCurrent("");
        setNext("");
      } else if (kind(problem) === "invalid-credentials") {
        setErrors({
          fields: { current: "This is not your password." },
          others: [],
        });
      } else setErrors(formErrors(problem, FIELDS));
    });
  return (
    <Section title="Password" class="panel">
      <Form label="Password" errors={errors} onSubmit={() => void change()}>
        <TextField
          label="Current password"
          type="password"
          autocomplete="current-password"
          value={current}
          onValue={setCurrent}
          error={errors.fields["current"]}
        />
        <TextField
          label="New password"
          type="password"
          autocomplete="new-password"
          hint="At least 12 characters. Your other sessions end."
          value={next}
          onValue={setNext}
          error={errors.fields["new"]}
        />
        <div class="actions">
          <Button type="submit" busy={busy}>
            Change password
          </Button>
          {saved && <Saved>The password is changed.</Saved>}
        </div>
      </Form>
    </Section>
  );
}

/** Returns the browser and the system of a session, as far as its `User-Agent` tells. */
function device(session: Session): string {
  const agent = session.user_agent ?? "";
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /Chrome\//.test(agent)
        ? "Chrome"
        : /Safari\//.test(agent)
          ? "Safari"
          : agent.split(/[/ ]/)[0] || "Unknown program";
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(
    agent,
  )?.[1];
  return system
    ? `${browser} on ${system.replace("Mac OS X", "macOS")}`
    : browser;
}

export function Sessions({ account }: { account: Account }) {
  const list = useResource("sessions", (signal) =>
    outcome(
      spindle.GET("/v1/auth/sessions", {
        params: { query: { limit: 100 } },
        signal,
      }),
    ),
  );
  const [problem, setProblem] = useState<Problem | undefined>();
  const [asksPassword, setAsksPassword] = useState(false);
  const [busy, run] = useBusy();
  const end = (session: Session) =>
    run(async () => {
      const answer = await outcome(
        spindle.DELETE("/v1/auth/sessions/{id}", {
          params: { path: { id: session.id } },
        }),
      );
      setProblem(answer.problem);
      if (answer.problem) return;
      announce("The session has ended.");
      document.querySelector<HTMLElement>(".end-sessions")?.focus();
      list.reload();
    });
  const endAll = () =>
    run(async () => {
      const answer = await outcome(spindle.DELETE("/v1/auth/sessions"));
      if (needsPassword(answer.problem)) setAsksPassword(true);
      else if (answer.problem) setProblem(answer.problem);
      // This session is one of them.
      else await spindle.logOut();
    });
  return (
    <Section title="Sessions" class="panel">
      <p>Browsers and programs that are logged in to your account.</p>
      {(problem ?? list.problem) && (
        <ProblemNotice problem={(problem ?? list.problem) as Problem} />
      )}
      {!list.data && list.loading && <Loading rows={2} />}
      <ul class="sessions" role="list" aria-label="Your sessions">
        {list.data?.items.map((session) => (
          <li key={session.id}>
            <div>
              <strong>{device(session)}</strong>
              <p class="small">
                {session.current ? "This browser. " : ""}Since{" "}
                {dateTime(session.created_at)}
                {session.ip_address ? `, from ${session.ip_address}` : ""}
              </p>
            </div>
            {session.current ? (
              <span class="badge is-good">Now</span>
            ) : (
              <Button
                kind="link"
                busy={busy}
                aria-label={`End session of ${device(session)} since ${dateTime(session.created_at)}`}
                onClick={() => void end(session)}
              >
                End session
              </Button>
            )}
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button is-quiet end-sessions"
        onClick={() => void endAll()}
      >
        End all sessions
      </button>
      {asksPassword && (
        <ConfirmWithPassword
          email={account.user.email}
          onConfirmed={() => {
            setAsksPassword(false);
            void endAll();
          }}
          onClose={() => setAsksPassword(false)}
        />
      )}
    </Section>
  );
}

export function YourData({ account }: { account: Account }) {
  const [problem, setProblem] = useState<Problem | undefined>();
  const [asks, setAsks] = useState<"delete" | "password" | undefined>();
  const [busy, run] = useBusy();
  const exportData = () =>
    run(async () => {
      const { data, problem: failed } = await outcome(
        spindle.GET("/v1/users/me/export", { parseAs: "blob" }),
      );
      setProblem(failed);
      if (!data) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(data as Blob);
      link.download = "my-data.json";
      link.click();
      URL.revokeObjectURL(link.href);
      announce("Your data is downloaded.");
    });
  const deleteAccount = () =>
    run(async () => {
      const answer = await outcome(
        spindle.DELETE("/v1/users/me", {
          params: { header: { "If-Match": "*" } },
        }),
      );
      setProblem(answer.problem);
      setAsks(undefined);
      if (needsPassword(answer.problem)) {
        setProblem(undefined);
        setAsks("password");
      } else if (!answer.problem) await spindle.logOut();
    });
  return (
    <Section title="Your data" class="panel">
      {problem && <ProblemNotice problem={problem} />}
      <p>Everything that the shop keeps about you, as a file.</p>
      <p class="actions">
        <Button kind="quiet" busy={busy} onClick={() => void exportData()}>
          Export my data
        </Button>
        <Button kind="danger" onClick={() => setAsks("delete")}>
          Delete my account
        </Button>
      </p>
      {asks === "delete" && (
        <Dialog title="Delete your account?" onClose={() => setAsks(undefined)}>
          <p>
            Your profile, your addresses and your sessions are erased, and open
            orders are cancelled. This cannot be undone.
          </p>
          <p class="actions">
            <Button kind="quiet" onClick={() => setAsks(undefined)}>
              Keep my account
            </Button>
            <Button
              kind="danger"
              busy={busy}
              onClick={() => void deleteAccount()}
            >
              Yes, delete it
            </Button>
          </p>
        </Dialog>
      )}
      {asks === "password" && (
        <ConfirmWithPassword
          email={account.user.email}
          onConfirmed={() => void deleteAccount()}
          onClose={() => setAsks(undefined)}
        />
      )}
    </Section>
  );
}
