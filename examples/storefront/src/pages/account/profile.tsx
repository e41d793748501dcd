/** Name, e-mail address, telephone and language of the customer; and the channels of messages. */
import { useState } from "preact/hooks";
import type { User, UserPatch } from "@spindle-commerce/client";
import {
  Button,
  Checkbox,
  Form,
  SelectField,
  TextField,
} from "../../components/form";
import { Section } from "../../components/page";
import { NO_ERRORS, formErrors } from "../../problems";
import { useBusy } from "../../use";
import type { Account, ChangeAccount } from "./account";
import type { Draft } from "./draft";
import { useDraft } from "./draft";
import {
  ChangedMeanwhile,
  ConfirmWithPassword,
  Saved,
  needsPassword,
} from "./parts";

const FIELDS = {
  "/display_name": { name: "name", label: "Name" },
  "/email": { name: "email", label: "E-mail" },
  "/phone": { name: "phone", label: "Phone" },
  "/locale": { name: "locale", label: "Language" },
};

const LANGUAGES = [
  "en-GB",
  "en-US",
  "de-DE",
  "de-CH",
  "fr-FR",
  "es-ES",
  "it-IT",
  "nl-NL",
  "pl-PL",
  "pt-BR",
  "sv-SE",
  "ja-JP",
];
const languageNames = new Intl.DisplayNames("en", { type: "language" });

function languageName(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The values of the form, each of which may be empty but for the e-mail address and the language. */
interface Values {
  name: string;
  email: string;
  phone: string;
  locale: string;
}

function valuesOf(user: User): Values {
  return {
    name: user.display_name ?? "",
    email: user.email,
    phone: user.phone ?? "",
    locale: user.locale,
  };
}

/** Returns the members that the customer has changed, so that what another window changed stays. */
function patchOf({ values, edited }: Draft<Values>): UserPatch {
  const { name, email, phone, locale } = values;
  return {
    ...(edited.includes("name") && { display_name: name.trim() || null }),
    ...(edited.includes("email") && { email: email.trim() }),
    ...(edited.includes("phone") && {
      phone: phone.replace(/[\s()/-]/g, "") || null,
    }),
    ...(edited.includes("locale") && { locale }),
  };
}

/** How the saving of a part went. */
type State = "edited" | "saved" | "password";

export function Profile({
  account,
  change,
}: {
  account: Account;
  change: ChangeAccount;
}) {
  const { user } = account;
  const draft = useDraft(valuesOf(user));
  const [errors, setErrors] = useState(NO_ERRORS);
  const [state, setState] = useState<State>("edited");
  const [busy, run] = useBusy();
  const { name, email, phone, locale } = draft.values;
  const set = (key: keyof Values) => (value: string) => {
    setState("edited");
    draft.set({ [key]: value });
  };
  const save = () =>
    run(async () => {
      const { data, problem, current } = await change(patchOf(draft));
      setErrors(NO_ERRORS);
      setState("edited");
      if (data) {
        draft.reset(valuesOf(data));
        setState("saved");
      } else if (current) draft.rebaseOn(valuesOf(current));
      else if (needsPassword(problem)) setState("password");
      else setErrors(formErrors(problem, FIELDS));
    });
  const languages = LANGUAGES.includes(locale)
    ? LANGUAGES
    : [locale, ...LANGUAGES];
  const labels: Readonly<Record<keyof Values, string>> = {
    name: "Name",
    email: "E-mail",
    phone: "Phone",
    locale: "Language",
  };
  const now = valuesOf(user);
  return (
    <Section title="Profile" class="panel">
      {draft.conflict && (
        <ChangedMeanwhile
          values={draft.conflict.map(
            (key) =>
              [
                labels[key],
                key === "locale" ? languageName(now.locale) : now[key],
              ] as const,
          )}
          onTake={() => draft.reset(now)}
        />
      )}
      <Form label="Profile" errors={errors} onSubmit={() => void save()}>
        <TextField
          label="Name"
          autocomplete="name"
          value={name}
          onValue={set("name")}
          error={errors.fields["name"]}
        />
        <TextField
          label="E-mail"
          type="email"
          autocomplete="email"
          value={email}
          onValue={set("email")}
          error={errors.fields["email"]}
        />
        <TextField
          label="Phone (optional)"
          type="tel"
          autocomplete="tel"
          hint="With the code of the country, such as +49 30 1234567. For text messages."
          value={phone}
          onValue={set("phone")}
          error={errors.fields["phone"]}
        />
        <SelectField
          label="Language of messages"
          value={locale}
          onValue={set("locale")}
          options={languages.map((tag) => [tag, languageName(tag)] as const)}
          error={errors.fields["locale"]}
        />
        <div class="actions">
          <Button type="submit" busy={busy}>
            Save profile
          </Button>
          {state === "saved" && <Saved />}
        </div>
      </Form>
      {state === "password" && (
        <ConfirmWithPassword
          email={user.email}
          onConfirmed={() => {
            setState("edited");
            void save();
          }}
          onClose={() => setState("edited")}
        />
      )}
    </Section>
  );
}

const CHANNELS = [
  ["email", "E-mail"],
  ["sms", "Text message"],
  ["push", "Push message"],
] as const;

export function Notifications({
  account,
  change,
}: {
  account: Account;
  change: ChangeAccount;
}) {
  const saved = account.user.notification_preferences;
  const draft = useDraft(saved);
  const [errors, setErrors] = useState(NO_ERRORS);
  const [state, setState] = useState<State>("edited");
  const [busy, run] = useBusy();
  const save = () =>
    run(async () => {
      const { data, problem, current } = await change({
        notification_preferences: Object.fromEntries(
          draft.edited.map((channel) => [channel, draft.values[channel]]),
        ),
      });
      setErrors(NO_ERRORS);
      setState("edited");
      if (data) {
        draft.reset(data.notification_preferences);
        setState("saved");
      } else if (current) draft.rebaseOn(current.notification_preferences);
      else setErrors(formErrors(problem, {}));
    });
  return (
    <Section title="Notifications" class="panel">
      {draft.conflict && (
        <ChangedMeanwhile
          values={CHANNELS.filter(([channel]) =>
            draft.conflict?.includes(channel),
          ).map(
            ([channel, label]) =>
              [label, saved[channel] ? "on" : "off"] as const,
          )}
          onTake={() => draft.reset(saved)}
        />
      )}
      <Form label="Notifications" errors={errors} onSubmit={() => void save()}>
        <p>Messages about your orders and your account, by</p>
        {CHANNELS.map(([channel, label]) => (
          <Checkbox
            key={channel}
            label={label}
            checked={draft.values[channel]}
            onValue={(checked) => {
              setState("edited");
              draft.set({ [channel]: checked });
            }}
          />
        ))}
        <div class="actions">
          <Button type="submit" busy={busy}>
            Save notifications
          </Button>
          {state === "saved" && <Saved />}
        </div>
      </Form>
    </Section>
  );
}
