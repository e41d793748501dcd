import { describe, expect, it } from "vitest";
import {
  addressLines,
  emptyDraft,
  requestedAddress,
  savedAddress,
} from "./address";
import { attributeName, minorUnits } from "./format";
import { canCancel, cancellation, orderStatus } from "./order-words";
import { returnPath } from "./paths";
import {
  changeFilters,
  filterQuery,
  parseFilters,
  productQuery,
} from "./product-query";

describe("amounts that are typed", () => {
  it("become minor units of their currency", () => {
    expect(minorUnits("12", "EUR")).toBe(1200);
    expect(minorUnits(" 12,5 ", "EUR")).toBe(1250);
    expect(minorUnits("1200", "JPY")).toBe(1200);
    expect(minorUnits("1.299", "BHD")).toBe(1299);
  });

  it("are refused if they are none, or too fine", () => {
    for (const text of ["", "-1", "12.345", "twelve", "1.2.3", "1,200.00"])
      expect(minorUnits(text, "EUR")).toBeUndefined();
    expect(minorUnits("1.5", "JPY")).toBeUndefined();
  });
});

describe("the names of attributes", () => {
  it("have their unit apart", () => {
    expect(attributeName("height_cm")).toBe("Height (cm)");
    expect(attributeName("dishwasher_safe")).toBe("Dishwasher safe");
    expect(attributeName("m")).toBe("M");
  });
});

describe("the filters of products", () => {
  it("are in the address, and only those that are set", () => {
    const filters = parseFilters({
      q: " tea ",
      in_stock: "true",
      sort: "price",
      colour: "red",
    });
    expect(filterQuery(filters)).toBe("?q=tea&in_stock=true&sort=price");
    expect(
      filterQuery(parseFilters({ sort: "nonsense", in_stock: "yes" })),
    ).toBe("");
  });

  it("begin at the first page when one changes", () => {
    const filters = parseFilters({ q: "tea", cursor: "abc" });
    expect(changeFilters(filters, { category: "kitchen" })).toMatchObject({
      cursor: "",
      category: "kitchen",
      q: "tea",
    });
  });

  it("have a currency wherever prices are compared", () => {
    expect(productQuery(parseFilters({ sort: "-price" }), "EUR", 24)).toEqual({
      limit: 24,
      sort: "-price",
      currency: "EUR",
    });
    expect(
      productQuery(
        parseFilters({ min_price: "10", max_price: "x" }),
        "EUR",
        24,
      ),
    ).toEqual({
      limit: 24,
      currency: "EUR",
      min_price: 1000,
    });
    expect(productQuery(parseFilters({ q: "tea" }), "EUR", 24)).toEqual({
      limit: 24,
      q: "tea",
    });
  });
});

describe("the page after a log-in", () => {
  it("is the one that asked for it", () => {
    expect(returnPath("/shop/checkout")).toBe("/shop/checkout");
    expect(returnPath("/shop/products?q=tea&cursor=a%2Fb")).toBe(
      "/shop/products?q=tea&cursor=a%2Fb",
    );
  });

  it("is never elsewhere", () => {
    for (const path of [
      undefined,
      "https://example.com/shop/",
      "//example.com/shop/",
      "/shop/../v1/orders",
      "/shopping",
      "/shop/..//example.com",
    ]) {
      expect(returnPath(path)).toBe("/shop/");
    }
  });
});

describe("an address", () => {
  const draft = {
    ...emptyDraft(" Ada ", "de-AT"),
    line1: "1 Main St ",
    city: "Wien",
    postalCode: "1010",
  };

  it("begins in the country of the browser", () => {
    expect(emptyDraft("", "de-AT").country).toBe("AT");
    expect(emptyDraft("", "de").country).toBe("DE");
    expect(emptyDraft("", undefined).country).toBe("DE");
  });

  it("is sent without spaces around, and without an empty second line", () => {
    expect(requestedAddress(draft)).toEqual({
      name: "Ada",
      lines: ["1 Main St"],
      city: "Wien",
      postal_code: "1010",
      country: "AT",
    });
    expect(requestedAddress({ ...draft, line1: "" }).lines).toEqual([""]);
  });

  it("is saved with its label and its id", () => {
    expect(savedAddress(draft)).toMatchObject({ label: null });
    expect(savedAddress({ ...draft, label: " home " }, "id")).toMatchObject({
      label: "home",
      id: "id",
    });
  });

  it("is read line by line, without those that are empty", () => {
    const address = {
      name: "Ada",
      lines: ["1 Main St"],
      city: "",
      postal_code: "",
      country: "HK",
    };
    expect(addressLines(address)).toEqual([
      "Ada",
      "1 Main St",
      "Hong Kong SAR China",
    ]);
  });
});

describe("an order in words", () => {
  it("says why it was cancelled", () => {
    const decline = { code: "declined", detail: "insufficient funds" } as const;
    expect(
      cancellation({ cancel_reason: "payment_declined", decline }),
    ).toContain("declined: insufficient funds");
    expect(
      cancellation({
        cancel_reason: "payment_declined",
        decline: { code: "provider_error", detail: null },
      }),
    ).toContain("not the fault of your card");
    expect(
      cancellation({ cancel_reason: null, decline: null }),
    ).toBeUndefined();
  });

  it("may be cancelled until it is shipped", () => {
    expect(
      (["pending_payment", "paid", "fulfilled", "cancelled"] as const).map(
        (status) => canCancel({ status }),
      ),
    ).toEqual([true, true, false, false]);
  });

  it("shows a status that is newer than the shop as it is", () => {
    expect(orderStatus({ status: "on_hold" as never })).toEqual({
      text: "on_hold",
      tone: "plain",
    });
  });
});
