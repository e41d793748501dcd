/** Pictures of products and categories. The API has none, so they are drawn; beside a name they say nothing new, and are hidden from screen readers. */
import type { Shape, Tone } from "./motifs";
import { CATEGORY_MOTIFS, MOTIFS } from "./motifs";
import { hash, mainColour, shade } from "./colours";

const FIXED: Readonly<Partial<Record<Tone, string>>> = {
  wood: "#b98a5a",
  metal: "#a9afb3",
  glass: "#d5e3e2",
  paper: "#fbf6ea",
  leaf: "#6c8f5f",
  glow: "#f0c667",
  ink: "#40352f",
};

/** The number of backgrounds, `art-0` and so on in the style sheet. */
const GROUNDS = 6;

function colourOf(tone: Tone, main: string): string {
  return (
    FIXED[tone] ??
    (tone === "dark"
      ? shade(main, -0.2)
      : tone === "light"
        ? shade(main, 0.28)
        : main)
  );
}

/** The shape behind the object, which tells apart the pictures of one drawing. */
function backdrop(variant: number) {
  switch (variant % 4) {
    case 0:
      return <circle cx="100" cy="100" r="74" />;
    case 1:
      return <path d="M34 200V98a66 66 0 0 1 132 0V200z" />;
    case 2:
      return <path d="M0 134h200v66H0z" />;
    default:
      return <path d="M200 0v200H0q170 -40 200 -200z" />;
  }
}

/** A pattern for a SKU without a drawing: arcs and dots in the colours of the product. */
function pattern(seed: number): readonly Shape[] {
  const shapes: Shape[] = [];
  const tones = ["main", "dark", "light", "glow"] as const;
  for (let i = 0; i < 9; i++) {
    const x = 40 + (i % 3) * 40;
    const y = 44 + Math.floor(i / 3) * 40;
    const bits = hash(`${seed}/${i}`);
    const tone = tones[bits % 4] ?? "main";
    const corner = [
      `M${x} ${y}h40a40 40 0 0 1 -40 40z`,
      `M${x + 40} ${y}v40a40 40 0 0 1 -40 -40z`,
      `M${x} ${y + 40}v-40a40 40 0 0 1 40 40z`,
    ];
    const dot = `M${x + 8} ${y + 20}a12 12 0 1 0 24 0a12 12 0 1 0 -24 0z`;
    shapes.push([tone, corner[(bits >>> 4) % 4] ?? dot]);
  }
  return shapes;
}

function Picture({
  seed,
  ground,
  motif,
  main,
}: {
  seed: number;
  ground: number;
  motif: readonly Shape[];
  main: string;
}) {
  return (
    <svg
      class={`art art-${ground % GROUNDS}`}
      viewBox="0 0 200 200"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="art-ground" width="200" height="200" />
      <g class="art-backdrop">{backdrop(seed >>> 8)}</g>
      <g transform="translate(20 20) scale(.8)">
        {motif.map(([tone, path, line]) =>
          line === undefined ? (
            <path d={path} fill={colourOf(tone, main)} />
          ) : (
            <path
              d={path}
              fill="none"
              stroke={colourOf(tone, main)}
              stroke-width={line}
              stroke-linecap="round"
              stroke-linejoin="round"
            />
          ),
        )}
      </g>
    </svg>
  );
}

/** The picture of a product. */
export function ProductArt({ sku, name }: { sku: string; name: string }) {
  const seed = hash(sku);
  const [first = "", second = ""] = sku.toUpperCase().split("-");
  const family = `${first}-${second}`;
  const motif = MOTIFS[family] ?? pattern(seed);
  return (
    <Picture
      seed={seed}
      ground={hash(family)}
      motif={motif}
      main={mainColour(sku, name)}
    />
  );
}

/** The picture of a category. */
export function CategoryArt({ slug }: { slug: string }) {
  const seed = hash(slug);
  const motif = MOTIFS[CATEGORY_MOTIFS[slug] ?? ""] ?? pattern(seed);
  return (
    <Picture
      seed={0}
      ground={seed >>> 3}
      motif={motif}
      main={mainColour(slug, "")}
    />
  );
}
