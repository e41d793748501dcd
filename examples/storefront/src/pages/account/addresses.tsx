/** The saved addresses of the customer. The API replaces the list as a whole, so each change writes it back as it was read, with one difference. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { SavedAddress, SavedAddressInput } from "@spindle-commerce/client";
import type { AddressDraft } from "../../address";
import {
  ADDRESS_FIELDS,
  addressLines,
  draftOf,
  emptyDraft,
  savedAddress,
} from "../../address";
import { Address, AddressFields } from "../../components/address";
import { announce } from "../../components/feedback";
import { Button, Form } from "../../components/form";
import { Section } from "../../components/page";
import { NO_ERRORS, formErrors } from "../../problems";
import { useBusy } from "../../use";
import type { Account, ChangeAccount } from "./account";
import { ChangedMeanwhile } from "./parts";

/** What is being edited: an address with its id, or a new one. */
interface Editing {
  id?: string;
  draft: AddressDraft;
}

function title(address: SavedAddress): string {
  return address.label ?? addressLines(address).slice(0, 2).join(", ");
}

export function Addresses({
  account,
  change,
}: {
  account: Account;
  change: ChangeAccount;
}) {
  const { addresses, display_name } = account.user;
  const [editing, setEditing] = useState<Editing | undefined>();
  const [errors, setErrors] = useState(NO_ERRORS);
  const [isConflict, setConflict] = useState(false);
  const [busy, run] = useBusy();

  // The form and the button take each other's place, and the focus moves along.
  const part = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  const focusPart = () =>
    part.current?.querySelector<HTMLElement>("input, .add-address")?.focus();
  useEffect(() => {
    if (!isFirst.current) focusPart();
    isFirst.current = false;
  }, [editing === undefined, editing?.id]);

  const edit = (next: Editing | undefined) => {
    setEditing(next);
    setErrors(NO_ERRORS);
    setConflict(false);
  };

  const save = (next: readonly SavedAddressInput[], at: number, done: string) =>
    run(async () => {
      const { data, problem } = await change({ addresses: [...next] });
      setErrors(NO_ERRORS);
      setConflict(problem?.status === 412);
      if (data) {
        edit(undefined);
        announce(done);
        // Of an address that was removed, the button is gone.
        if (!editing) focusPart();
      } else if (problem.status !== 412)
        setErrors(formErrors(problem, ADDRESS_FIELDS, `/addresses/${at}`));
    });

  const saveEdited = ({ id, draft }: Editing) => {
    const at = addresses.findIndex((address) => address.id === id);
    // An address that was removed meanwhile comes back as a new one.
    if (at < 0)
      return save(
        [...addresses, savedAddress(draft)],
        addresses.length,
        "The address is saved.",
      );
    return save(
      addresses.map((address, i) =>
        i === at ? savedAddress(draft, id) : address,
      ),
      at,
      "The address is saved.",
    );
  };

  return (
    <Section title="Addresses" class="panel">
      {isConflict && (
        <ChangedMeanwhile
          values={addresses.map(
            (address, i) =>
              [`Address ${i + 1}`, addressLines(address).join(", ")] as const,
          )}
          onTake={() => edit(undefined)}
        />
      )}
      {errors.others.length > 0 && !editing && (
        <p class="field-error" role="alert">
          {errors.others.join(" ")}
        </p>
      )}
      {addresses.length === 0 && !editing && <p>No address is saved yet.</p>}
      <ul class="addresses" role="list" aria-label="Saved addresses">
        {addresses.map((address) => (
          <li key={address.id}>
            <div>
              {address.label && <strong>{address.label}</strong>}
              <Address {...address} />
            </div>
            <div class="actions">
              <Button
                kind="link"
                aria-label={`Edit ${title(address)}`}
                onClick={() =>
                  edit({ id: address.id, draft: draftOf(address) })
                }
              >
                Edit
              </Button>
              <Button
                kind="link"
                aria-label={`Remove ${title(address)}`}
                busy={busy}
                onClick={() =>
                  void save(
                    addresses.filter((other) => other.id !== address.id),
                    0,
                    "The address is removed.",
                  )
                }
              >
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <div ref={part}>
        {editing ? (
          <Form
            label={editing.id === undefined ? "New address" : "Address"}
            errors={errors}
            onSubmit={() => void saveEdited(editing)}
          >
            <AddressFields
              draft={editing.draft}
              errors={errors.fields}
              withLabel
              onChange={(draft) => setEditing({ ...editing, draft })}
            />
            <div class="actions">
              <Button type="submit" busy={busy}>
                Save address
              </Button>
              <Button kind="quiet" onClick={() => edit(undefined)}>
                Back
              </Button>
            </div>
          </Form>
        ) : (
          <button
            type="button"
            class="button is-quiet add-address"
            onClick={() =>
              edit({
                draft: emptyDraft(display_name ?? "", navigator.language),
              })
            }
          >
            Add an address
          </button>
        )}
      </div>
    </Section>
  );
}
