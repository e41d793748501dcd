import { describe, expect, it } from "vitest";
import { hash, mainColour, shade } from "./colours";
import { CATEGORY_MOTIFS, MOTIFS } from "./motifs";

describe("the drawings", () => {
  it("have the colour that the name of the product ends in", () => {
    expect(mainColour("CLO-APRON-IND", "Workshop apron, indigo")).toBe(
      "#3d4a7c",
    );
    expect(mainColour("CLO-SHIRT-M", "Oxford shirt, light blue")).toBe(
      "#9dbbd3",
    );
  });

  it("have the same colour each time where the name has none", () => {
    expect(mainColour("KIT-KNIFE-20", "Chef's knife, 20 cm")).toBe(
      mainColour("KIT-KNIFE-20", "Chef's knife, 20 cm"),
    );
    expect(mainColour("KIT-KNIFE-20", "Chef's knife, 20 cm")).toMatch(
      /^#[0-9a-f]{6}$/,
    );
  });

  it("depend on every character of a SKU", () => {
    expect(hash("KIT-JAR-050")).not.toBe(hash("KIT-JAR-025"));
  });

  it("are darker and lighter where they have a shadow and a light", () => {
    expect([
      shade("#808080", -0.5),
      shade("#808080", 0.5),
      shade("#000000", 1),
    ]).toEqual(["#404040", "#c0c0c0", "#ffffff"]);
  });

  it("exist for each category of the demo catalogue", () => {
    expect(
      Object.values(CATEGORY_MOTIFS).filter((motif) => !(motif in MOTIFS)),
    ).toEqual([]);
  });

  it("are paths that a browser can read", () => {
    for (const shapes of Object.values(MOTIFS)) {
      for (const [, path] of shapes)
        expect(path).toMatch(/^M[-MmLlHhVvCcQqTtAaSsZz0-9., ]+$/);
    }
  });
});
