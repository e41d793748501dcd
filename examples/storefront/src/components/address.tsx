/** Addresses: to read, and to type. */
import { useMemo } from "preact/hooks";
import type { AddressDraft } from "../address";
import { addressLines, countryOptions } from "../address";
import { SelectField, TextField } from "./form";

/** An address as it stands on a parcel. */
export function Address(props: Parameters<typeof addressLines>[0]) {
  return (
    <address>
      {addressLines(props).map((line, i) => (
        <span key={i}>{line}</span>
      ))}
    </address>
  );
}

/** The fields of an address. `errors` are by the names of the draft. */
export function AddressFields(props: {
  draft: AddressDraft;
  errors: Readonly<Record<string, string>>;
  withLabel: boolean;
  onChange: (draft: AddressDraft) => void;
}) {
  const { draft, errors } = props;
  const countries = useMemo(countryOptions, []);
  const set = (name: keyof AddressDraft) => (value: string) =>
    props.onChange({ ...draft, [name]: value });
  return (
    <div class="address-fields">
      <TextField
        label="Recipient"
        autocomplete="shipping name"
        value={draft.name}
        onValue={set("name")}
        error={errors["name"]}
      />
      <TextField
        label="Street and house"
        autocomplete="shipping address-line1"
        value={draft.line1}
        onValue={set("line1")}
        error={errors["line1"]}
      />
      <TextField
        label="Address line 2 (optional)"
        autocomplete="shipping address-line2"
        value={draft.line2}
        onValue={set("line2")}
        error={errors["line2"]}
      />
      <div class="field-row">
        <TextField
          label="Postal code"
          autocomplete="shipping postal-code"
          value={draft.postalCode}
          onValue={set("postalCode")}
          error={errors["postalCode"]}
        />
        <TextField
          label="City"
          autocomplete="shipping address-level2"
          value={draft.city}
          onValue={set("city")}
          error={errors["city"]}
        />
      </div>
      <SelectField
        label="Country"
        autocomplete="shipping country"
        value={draft.country}
        onValue={set("country")}
        options={countries}
        error={errors["country"]}
      />
      {props.withLabel && (
        <TextField
          label="Label (optional)"
          hint="What you call this address, such as home."
          autocomplete="off"
          value={draft.label}
          onValue={set("label")}
          error={errors["label"]}
        />
      )}
    </div>
  );
}
