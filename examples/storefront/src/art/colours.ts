/** The colours of the drawings. Pure: the same SKU and name have the same colours on every page and in every browser. */

/** The colours, woods and metals that names of products end in: `Workshop apron, indigo`. */
const NAMED: Readonly<Record<string, string>> = {
  black: "#3a3a3c",
  bordeaux: "#7b2d3b",
  brass: "#c79b45",
  brick: "#b1543c",
  camel: "#c09a6b",
  chalk: "#ece6da",
  charcoal: "#4a4d52",
  clay: "#c58b6c",
  cognac: "#a5623a",
  crème: "#efe3c8",
  dusk: "#8c7f9e",
  forest: "#3c5f4b",
  graphite: "#5b5e63",
  grey: "#9a9a98",
  indigo: "#3d4a7c",
  ink: "#33415c",
  ivory: "#f0e8d6",
  "light blue": "#9dbbd3",
  midnight: "#2d3754",
  mist: "#b7c4c6",
  moss: "#75804e",
  mustard: "#d2a33c",
  natural: "#d9c7a5",
  navy: "#33466b",
  "night blue": "#2f3d63",
  ocean: "#3f7f93",
  ochre: "#c98f3d",
  olive: "#7f8152",
  orange: "#dd7f3b",
  papaya: "#ee9a62",
  petrol: "#2f6470",
  rust: "#b0592f",
  saffron: "#e3a330",
  sage: "#9fb096",
  sand: "#d6c3a0",
  "signal yellow": "#e8c13a",
  silver: "#b9bdc2",
  slate: "#6b7680",
  steel: "#a3abb2",
  terracotta: "#c8714f",
  white: "#f3efe8",
  ash: "#d9bf96",
  bamboo: "#d4b87f",
  beech: "#d6ab7d",
  birch: "#e1c9a1",
  oak: "#c39a66",
  "smoked oak": "#7d5f45",
  teak: "#a9713f",
  thermowood: "#8f6242",
  walnut: "#7a5539",
  linen: "#ddd0b4",
  lavender: "#a294c2",
  sencha: "#8fa764",
  oolong: "#9a7b4f",
  darjeeling: "#b06c3b",
  maté: "#6f8b52",
  tartan: "#a6453c",
  herringbone: "#7c8479",
  stripes: "#c9814f",
  gas: "#c85f4c",
  spirit: "#5f86a8",
};

/** The colours of products whose name has none. */
const PALETTE = [
  "#b9654a",
  "#4f7c6b",
  "#47658c",
  "#c99a45",
  "#85597b",
  "#6f8a4e",
  "#a7747f",
  "#5c7f92",
] as const;

/** Returns a number that depends on every character of `text` (FNV-1a). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

/** Returns the colour of a product: that which its name ends in, or one that its SKU chooses. */
export function mainColour(sku: string, name: string): string {
  const variant = name
    .slice(name.lastIndexOf(",") + 1)
    .trim()
    .toLowerCase();
  const words = variant.split(/\s+/);
  return (
    NAMED[variant] ??
    NAMED[words.at(-1) ?? ""] ??
    PALETTE[hash(sku) % PALETTE.length] ??
    PALETTE[0]
  );
}

/** Returns `colour` (`#rrggbb`) mixed with black (`amount` below 0) or white (above). */
export function shade(colour: string, amount: number): string {
  const target = amount < 0 ? 0 : 255;
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16);
    return Math.round(value + (target - value) * Math.abs(amount))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
