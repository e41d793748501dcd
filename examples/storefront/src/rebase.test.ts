import { describe, expect, it } from "vitest";
import { changedKeys, rebase } from "./rebase";

describe("a change that another one came before", () => {
  const base = { name: "Ada", phone: "1", locale: "en" };

  it("keeps what was typed, and takes over what was not touched", () => {
    const mine = { ...base, phone: "2" };
    const theirs = { ...base, name: "Grace" };
    expect(rebase(mine, base, theirs)).toEqual({
      name: "Grace",
      phone: "2",
      locale: "en",
    });
  });

  it("prefers what was typed where both have changed the same", () => {
    expect(
      rebase({ ...base, name: "Mine" }, base, { ...base, name: "Theirs" }).name,
    ).toBe("Mine");
  });

  it("is known by its keys", () => {
    expect(changedKeys(base, { ...base, phone: "2", locale: "de" })).toEqual([
      "phone",
      "locale",
    ]);
  });
});
