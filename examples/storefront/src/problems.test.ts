import { describe, expect, it } from "vitest";
import type { Problem } from "@spindle-commerce/client";
import { ADDRESS_FIELDS } from "./address";
import { formErrors, itemIndexes, kind, outcome, sentence } from "./problems";

function problem(
  errors: Problem["errors"],
  type = "validation-failed",
): Problem {
  return {
    type: `https://spindle.dev/problems/${type}`,
    title: "Title",
    status: 422,
    detail: "Detail.",
    instance: "/v1/orders",
    request_id: "id",
    ...(errors && { errors }),
  };
}

describe("the errors of a form", () => {
  it("are sentences at the fields that their pointers name", () => {
    const found = formErrors(
      problem([
        {
          pointer: "/shipping_address/lines/0",
          detail: "must have 1 to 100 printable characters",
        },
        {
          pointer: "/shipping_address/city",
          detail: "is required in this country",
        },
      ]),
      ADDRESS_FIELDS,
      "/shipping_address",
    );
    expect(found.others).toEqual([]);
    expect(found.fields).toEqual({
      line1: "Street and house must have 1 to 100 printable characters.",
      city: "City is required in this country.",
    });
  });

  it("belong to the field of the longest pointer", () => {
    const found = formErrors(
      problem([{ pointer: "/lines/1", detail: "is too long" }]),
      ADDRESS_FIELDS,
    );
    expect(found.fields).toEqual({ line2: "Address line 2 is too long." });
  });

  it("show the first error of a field, and a sentence as it is", () => {
    const fields = { "/email": { name: "email", label: "E-mail" } };
    const errors = [
      { pointer: "/email", detail: "Another user has this e-mail address." },
      { pointer: "/email", detail: "is wrong as well" },
    ];
    expect(formErrors(problem(errors, "conflict"), fields).fields).toEqual({
      email: "Another user has this e-mail address.",
    });
  });

  it("go above the form if no field shows them", () => {
    expect(
      formErrors(
        problem([
          { pointer: "/items/0/quantity", detail: "must be at most 3" },
        ]),
        ADDRESS_FIELDS,
      ),
    ).toEqual({
      fields: {},
      others: ["quantity must be at most 3."],
    });
    expect(formErrors(problem(undefined), {}).others).toEqual(["Detail."]);
  });

  it("find the field of a query parameter", () => {
    const fields = { "/number": { name: "number", label: "Order number" } };
    expect(
      formErrors(problem([{ parameter: "number", detail: "is none" }]), fields)
        .fields,
    ).toEqual({
      number: "Order number is none.",
    });
  });

  it("do not take a field that only begins alike", () => {
    const fields = { "/city": { name: "city", label: "City" } };
    expect(
      formErrors(
        problem([{ pointer: "/city_name", detail: "is unknown" }]),
        fields,
      ).fields,
    ).toEqual({});
  });
});

describe("the errors of items", () => {
  it("name each item once", () => {
    const errors = [
      { pointer: "/items/2/quantity", detail: "" },
      { pointer: "/items/2/product_id", detail: "" },
      { pointer: "/items/11", detail: "" },
      { pointer: "/itemsets/1", detail: "" },
    ];
    expect(itemIndexes(problem(errors))).toEqual([2, 11]);
  });
});

describe("a problem", () => {
  it("is known by the end of its type, and an unknown one says its detail", () => {
    expect(kind(problem([], "price-changed"))).toBe("price-changed");
    expect(sentence(problem([], "something-newer"))).toBe("Detail.");
  });
});

describe("the outcome of a request", () => {
  it("is the data of a success, also without a body", async () => {
    const response = new Response(null, { status: 204 });
    expect(await outcome(Promise.resolve({ response }))).toEqual({
      data: undefined,
      response,
    });
  });

  it("is a problem if the platform was not reached", async () => {
    const { problem: found } = await outcome(
      Promise.reject(new TypeError("fetch failed")),
    );
    expect(found?.status).toBe(0);
  });

  it("stays an exception if the request was aborted, or the page is wrong", async () => {
    await expect(
      outcome(Promise.reject(new DOMException("", "AbortError"))),
    ).rejects.toThrow(DOMException);
    await expect(
      outcome(Promise.reject(new RangeError("defect"))),
    ).rejects.toThrow(RangeError);
  });
});
