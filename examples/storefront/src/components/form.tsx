/** Fields of forms: a label, the control, a hint, and the error of the field, all known to a screen reader. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { FormErrors } from "../problems";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

interface Described {
  id: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: "true" | undefined;
}

function Labelled({
  label,
  hint,
  error,
  control,
}: FieldProps & { control: (described: Described) => JSX.Element }) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`]
    .filter(Boolean)
    .join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {control({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": error ? "true" : undefined,
      })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  type?: "text" | "email" | "password" | "tel" | "date";
  autocomplete?: string;
  inputMode?: "decimal" | "text";
  placeholder?: string;
  required?: boolean;
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** A text field. */
export function TextField({
  label,
  hint,
  error,
  value,
  onValue,
  ...input
}: TextFieldProps) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      control={(described) => {
        // The types of Preact have one for each `type`; these attributes go with each.
        const attributes = {
          ...input,
          ...described,
        } as JSX.IntrinsicElements["input"];
        return (
          <input
            {...attributes}
            value={value}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        );
      }}
    />
  );
}

type SelectFieldProps = FieldProps & {
  value: string;
  onValue: (value: string) => void;
  options: readonly (readonly [value: string, text: string])[];
  autocomplete?: string;
};

/** A choice of one from a list. */
export function SelectField({
  label,
  hint,
  error,
  value,
  onValue,
  options,
  autocomplete,
}: SelectFieldProps) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      control={(described) => (
        <select
          {...described}
          {...(autocomplete === undefined ? {} : { autocomplete })}
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
        >
          {options.map(([option, text]) => (
            <option key={option} value={option} selected={option === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** A box to tick. */
export function Checkbox(props: {
  label: string;
  checked: boolean;
  onValue: (checked: boolean) => void;
  hint?: string;
}) {
  const id = useId();
  return (
    <div class="choice">
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onValue(event.currentTarget.checked)}
      />
      <label for={id}>{props.label}</label>
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

/** One of the choices of a group: the radio button, its label, and a text about it. */
export function Radio(props: {
  name: string;
  label: ComponentChildren;
  checked: boolean;
  onSelect: () => void;
  children?: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class={`choice card-choice${props.checked ? " is-chosen" : ""}`}>
      <input
        type="radio"
        id={id}
        name={props.name}
        checked={props.checked}
        aria-describedby={props.children ? `${id}-hint` : undefined}
        onChange={props.onSelect}
      />
      <label for={id}>{props.label}</label>
      {props.children && (
        <p class="hint" id={`${id}-hint`}>
          {props.children}
        </p>
      )}
    </div>
  );
}

/**
 * A form that the page itself submits. After a response with errors, the focus goes to the first field that has one, or to the message above.
 */
export function Form(props: {
  label?: string;
  errors?: FormErrors;
  onSubmit: () => void;
  class?: string;
  children: ComponentChildren;
}) {
  const form = useRef<HTMLFormElement>(null);
  const { errors } = props;
  useEffect(() => {
    if (
      !errors ||
      (errors.others.length === 0 && Object.keys(errors.fields).length === 0)
    )
      return;
    form.current
      ?.querySelector<HTMLElement>("[aria-invalid=true], .form-errors")
      ?.focus();
  }, [errors]);
  return (
    <form
      ref={form}
      class={props.class ?? "form"}
      aria-label={props.label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}
    >
      {errors && errors.others.length > 0 && (
        <div class="notice is-bad form-errors" role="alert" tabIndex={-1}>
          {errors.others.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
      {props.children}
    </form>
  );
}

/** A button that shows that its work goes on. It stays focusable meanwhile, so that the keyboard does not lose its place. */
export function Button({
  busy = false,
  kind = "primary",
  children,
  onClick,
  ...button
}: Omit<JSX.IntrinsicElements["button"], "class" | "onClick"> & {
  busy?: boolean;
  kind?: "primary" | "quiet" | "danger" | "link";
  onClick?: () => void;
}) {
  return (
    <button
      type="button"
      {...button}
      class={kind === "link" ? "link" : `button is-${kind}`}
      aria-disabled={busy ? "true" : undefined}
      data-busy={busy ? "" : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}
