/**
 * The drawings of products: for each, shapes on a square of 200 units. A shape has a tone and a path, and a width if its line is drawn instead of its
 * area.
 */

/**
 * Where a shape takes its colour from: the product's own (`main`), a darker or lighter one of it, or one that stays: wood, metal, glass, paper, leaf,
 * light, ink.
 */
export type Tone =
  | "main"
  | "dark"
  | "light"
  | "wood"
  | "metal"
  | "glass"
  | "paper"
  | "leaf"
  | "glow"
  | "ink";

export type Shape = readonly [tone: Tone, path: string, line?: number];

/** A rectangle with rounded corners. */
function box(x: number, y: number, w: number, h: number, r = 0): string {
  const q = Math.min(r, w / 2, h / 2);
  if (q === 0) return `M${x} ${y}h${w}v${h}h${-w}z`;
  const a = (dx: number, dy: number) => `a${q} ${q} 0 0 1 ${dx} ${dy}`;
  return `M${x + q} ${y}h${w - 2 * q}${a(q, q)}v${h - 2 * q}${a(-q, q)}h${2 * q - w}${a(-q, -q)}v${2 * q - h}${a(q, -q)}z`;
}

/** An ellipse; a circle without `ry`. */
function oval(cx: number, cy: number, rx: number, ry = rx): string {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

const bed: readonly Shape[] = [
  ["wood", box(34, 74, 132, 60, 6)],
  ["paper", box(46, 84, 48, 30, 12)],
  ["paper", box(106, 84, 48, 30, 12)],
  ["main", box(34, 104, 132, 52, 8)],
  ["light", box(34, 104, 132, 14, 6)],
  ["dark", "M70 122q10 16 4 32M130 122q-8 14 -2 32", 2.5],
  ["wood", "M44 156v12M156 156v12", 8],
];

const stack: readonly Shape[] = [
  ["dark", box(38, 128, 124, 34, 15)],
  ["main", box(42, 96, 116, 34, 15)],
  ["light", box(46, 64, 108, 34, 15)],
  ["main", "M60 81h80", 3],
  ["light", "M56 113h88M52 145h96", 3],
];

/** The drawings by the start of a SKU. */
export const MOTIFS: Readonly<Record<string, readonly Shape[]>> = {
  "BAG-TOTE": [
    ["dark", "M76 84C76 26 124 26 124 84", 7],
    ["main", "M50 76h100l9 94H41z"],
    ["dark", "M43.5 146h113l2.5 24H41z"],
    ["light", "M62 92h76", 3],
  ],
  "BAG-BACKPACK": [
    ["dark", "M62 80q-22 30 -8 76M138 80q22 30 8 76", 9],
    ["main", box(58, 52, 84, 122, 24)],
    ["dark", box(62, 38, 76, 26, 11)],
    ["light", box(95, 44, 10, 58, 3)],
    ["dark", box(70, 116, 60, 48, 10)],
    ["light", "M78 130h44", 3],
  ],
  "BAG-PANNIER": [
    ["metal", "M74 62v-16h14M126 62v-16h-14", 6],
    ["main", box(50, 60, 100, 110, 14)],
    ["dark", "M50 72q0 -12 12 -12h76q12 0 12 12v28q-50 22 -100 0z"],
    ["light", box(94, 96, 12, 38, 3)],
  ],
  "BAG-POUCH": [
    ["main", box(36, 78, 128, 78, 12)],
    ["dark", box(36, 78, 128, 16, 8)],
    ["light", "M46 86h98", 3],
    ["light", oval(150, 92, 6)],
    ["dark", "M58 134h36", 4],
  ],
  "BAG-WALLET": [
    ["paper", box(62, 56, 84, 40, 5)],
    ["glass", box(54, 68, 92, 30, 5)],
    ["main", box(44, 82, 112, 74, 9)],
    ["dark", "M44 91q0 -9 9 -9h94q9 0 9 9v18q-56 18 -112 0z"],
    ["light", "M54 146h92", 2],
  ],
  "BAG-WEEKEND": [
    ["dark", "M70 92C70 36 130 36 130 92", 7],
    ["main", box(28, 80, 144, 86, 26)],
    ["dark", box(62, 80, 11, 86, 0)],
    ["dark", box(127, 80, 11, 86, 0)],
    ["light", "M48 94h104", 3],
  ],
  "BAT-BRUSH": [
    ["wood", box(92, 96, 16, 84, 8)],
    ["wood", oval(100, 70, 35, 45)],
    ["paper", oval(100, 70, 25, 34)],
    ["main", "M86 52v36M94 46v48M102 44v52M110 48v46M117 58v26", 3],
  ],
  "BAT-HAMPER": [
    ["main", "M48 72h104l-10 102H58z"],
    ["dark", "M52 94h96M54 114h92M56 134h88M58 154h84", 4],
    ["light", "M74 76l6 96M100 76v96M126 76l-6 96", 4],
    ["dark", box(42, 60, 116, 16, 8)],
    ["paper", "M62 60q14 -22 34 -10q22 -16 42 10z"],
  ],
  "BAT-MAT": [
    ["main", "M30 92h140l10 58H20z"],
    ["light", "M30 104h140M26 126h148", 5],
    [
      "dark",
      "M20 150v10M40 150v10M60 150v10M80 150v10M100 150v10M120 150v10M140 150v10M160 150v10M180 150v10",
      3,
    ],
  ],
  "BAT-ROBE": [
    [
      "main",
      "M72 40L100 54L128 40L164 92L144 108L138 98V172H62V98L56 108L36 92z",
    ],
    ["light", "M78 44L100 100L122 44", 9],
    ["dark", box(62, 108, 76, 11, 2)],
    ["dark", "M96 118l-8 30M104 118l6 26", 6],
  ],
  "BAT-SOAP": [
    ["light", "M44 92L64 66h72l20 26z"],
    ["main", box(44, 90, 112, 64, 6)],
    ["dark", oval(100, 122, 30, 17), 3],
    ["dark", "M86 122h28", 3],
    ["glass", oval(148, 60, 8)],
    ["glass", oval(132, 46, 5)],
  ],
  "BAT-TOWEL": stack,
  "BED-BLANKET": [
    ["wood", box(36, 50, 128, 10, 5)],
    ["main", box(52, 54, 96, 98, 4)],
    ["light", "M52 82h96M52 92h96", 4],
    ["dark", "M52 130h96", 8],
    [
      "main",
      "M56 152v14M68 152v14M80 152v14M92 152v14M104 152v14M116 152v14M128 152v14M142 152v14",
      3,
    ],
  ],
  "BED-CUSHION": [
    [
      "main",
      "M48 56Q100 44 152 56Q162 104 152 152Q100 164 48 152Q38 104 48 56z",
    ],
    [
      "dark",
      "M60 68Q100 60 140 68Q146 104 140 140Q100 148 60 140Q54 104 60 68z",
      2.5,
    ],
    ["light", oval(100, 104, 7)],
  ],
  "BED-DUVET": bed,
  "BED-SHEET": bed,
  "BED-PILLOW": [
    [
      "main",
      "M34 84Q100 62 166 84Q178 114 166 148Q100 166 34 148Q22 114 34 84z",
    ],
    ["light", "M48 92Q100 76 152 92", 4],
    ["dark", "M60 140Q100 148 140 140", 3],
  ],
  "BED-QUILT": [
    ["main", box(44, 50, 112, 116, 10)],
    [
      "light",
      "M44 88L84 50M44 126L122 50M50 162L156 62M86 166L156 100M122 166L156 136",
      2.5,
    ],
    [
      "dark",
      "M156 88L116 50M156 126L78 50M150 162L44 62M114 166L44 100M78 166L44 136",
      2.5,
    ],
  ],
  "CLO-APRON": [
    ["dark", "M82 50C80 18 120 18 118 50", 5],
    ["main", "M80 46h40l6 38h28v88H46V84h28z"],
    ["dark", box(74, 112, 52, 36, 4)],
    ["light", "M100 112v36", 2.5],
    ["dark", "M46 90l-18 10M154 90l18 10", 5],
  ],
  "CLO-BERET": [
    ["dark", box(96, 56, 8, 22, 4)],
    ["dark", oval(100, 126, 48, 16)],
    ["main", oval(100, 104, 66, 34)],
    ["light", "M54 94q22 -18 52 -18", 4],
  ],
  "CLO-PULLOVER": [
    [
      "main",
      "M74 46Q100 62 126 46L168 80L154 120L138 108V166H62V108L46 120L32 80z",
    ],
    ["dark", "M74 46Q100 62 126 46L122 56Q100 72 78 56z"],
    [
      "light",
      "M62 88l9.5 10l9.5 -10l9.5 10l9.5 -10l9.5 10l9.5 -10l9.5 10l9.5 -10",
      3,
    ],
    ["dark", box(62, 154, 76, 12, 2)],
  ],
  "CLO-SCARF": [
    ["main", "M72 78C72 34 128 34 128 78", 26],
    ["dark", box(104, 72, 34, 74, 3)],
    ["main", box(62, 72, 34, 92, 3)],
    ["light", "M62 132h34M62 142h34M104 118h34M104 128h34", 4],
    ["main", "M66 164v11M75 164v11M84 164v11M93 164v11", 3],
    ["dark", "M108 146v11M117 146v11M126 146v11M135 146v11", 3],
  ],
  "CLO-SHIRT": [
    [
      "main",
      "M74 42L100 58L126 42L166 76L148 108L136 98V170H64V98L52 108L34 76z",
    ],
    ["light", "M74 42L100 58L84 76L68 46zM126 42L100 58L116 76L132 46z"],
    ["dark", "M100 62V170", 2],
    ["dark", "M100 84v.1M100 104v.1M100 124v.1M100 144v.1", 5],
    ["dark", box(112, 92, 18, 22, 3), 2],
  ],
  "CLO-SOCKS": [
    [
      "dark",
      "M100 38h32v72q0 8 7 14l18 16q16 16 -2 26q-10 6 -22 -3l-27 -24q-6 -7 -6 -15z",
    ],
    [
      "main",
      "M62 46h34v72q0 8 7 14l22 16q17 15 -1 26q-11 6 -23 -2l-33 -24q-6 -6 -6 -15z",
    ],
    ["light", box(60, 42, 38, 18, 4)],
    ["light", "M66 72h28M66 82h28", 3],
  ],
  "COF-BEANS": [
    ["main", "M60 58h80l7 114H53z"],
    ["dark", box(58, 40, 84, 22, 4)],
    ["paper", oval(100, 116, 30)],
    ["ink", oval(100, 116, 13, 19)],
    ["paper", "M102 99q-9 17 -2 34", 2.5],
  ],
  "COF-CUP": [
    ["dark", oval(100, 160, 60, 10)],
    ["main", "M136 98C166 92 162 132 128 130", 8],
    ["main", "M58 88H142Q142 154 100 154Q58 154 58 88z"],
    ["light", oval(100, 88, 42, 10)],
    ["ink", oval(100, 89, 34, 6.5)],
    ["paper", "M88 70q-8 -10 0 -18t0 -18M110 70q-8 -10 0 -18t0 -18", 4],
  ],
  "COF-GRINDER": [
    ["metal", "M100 72V50H148", 6],
    ["wood", oval(150, 46, 10)],
    ["main", box(72, 88, 56, 86, 9)],
    ["dark", box(66, 70, 68, 22, 7)],
    ["light", "M84 104v56", 4],
  ],
  "COF-PRESS": [
    ["dark", "M136 88C170 84 170 152 136 148", 8],
    ["glass", box(64, 66, 72, 106, 7)],
    ["ink", box(70, 108, 60, 58, 4)],
    ["metal", "M100 58V108M72 106h56", 5],
    ["main", "M66 66V170M134 66V170M64 170h72", 5],
    ["main", box(58, 56, 84, 14, 6)],
    ["dark", oval(100, 44, 9)],
  ],
  "TEA-LEAF": [
    ["main", box(62, 62, 76, 110, 9)],
    ["dark", box(58, 44, 84, 24, 7)],
    ["paper", box(74, 90, 52, 60, 5)],
    ["leaf", "M84 138C82 110 96 100 116 102C118 124 106 138 84 138z"],
    ["paper", "M86 136L108 112", 2.5],
  ],
  "TEA-POT": [
    ["wood", "M58 96C56 26 138 26 136 96", 7],
    ["dark", "M140 116Q160 108 162 82L174 85Q174 132 138 144z"],
    ["main", oval(97, 122, 54, 44)],
    ["dark", oval(97, 82, 30, 9)],
    ["dark", oval(97, 71, 7)],
    ["light", "M58 112q6 -18 22 -24", 4],
  ],
  "FUR-BENCH": [
    ["dark", "M46 108L40 170M154 108L160 170", 9],
    ["main", box(28, 92, 144, 16, 5)],
    ["dark", box(42, 108, 116, 26, 3)],
    ["light", "M100 110v22", 2],
    ["light", "M72 121h10M118 121h10", 4],
  ],
  "FUR-CHAIR": [
    ["dark", "M68 118L62 174M132 118L138 174", 8],
    ["main", "M70 40V114M130 40V114", 8],
    ["main", box(66, 44, 68, 18, 8)],
    ["main", box(68, 74, 64, 10, 5)],
    ["light", box(58, 106, 84, 16, 7)],
    ["dark", "M66 146h68", 5],
  ],
  "FUR-MIRROR": [
    ["main", oval(100, 104, 64)],
    ["glass", oval(100, 104, 54)],
    ["paper", "M72 122L112 72M90 136L124 94", 5],
  ],
  "FUR-SHELF": [
    ["dark", "M54 34V174M146 34V174", 7],
    ["main", "M50 60H150M50 112H150M50 162H150", 8],
    ["leaf", "M74 56q-12 -16 -2 -24q10 8 2 24q2 -18 14 -18q2 14 -14 18z"],
    ["light", box(112, 76, 9, 32)],
    ["paper", box(122, 70, 9, 38)],
    ["glow", box(132, 80, 8, 28)],
    ["dark", box(64, 132, 40, 26, 4)],
  ],
  "FUR-STOOL": [
    ["dark", "M76 84L60 172M124 84L140 172M100 84V168", 8],
    ["dark", "M68 136h64", 5],
    ["main", oval(100, 80, 50, 13)],
    ["light", oval(100, 75, 48, 10)],
  ],
  "FUR-TABLE": [
    ["dark", "M42 98L34 172M158 98L166 172", 9],
    ["main", box(20, 84, 160, 15, 5)],
    ["dark", box(40, 99, 120, 11, 2)],
    ["paper", "M92 84q-8 -14 2 -26h12q10 12 2 26z"],
    [
      "leaf",
      "M98 58q-18 -8 -16 -24q16 4 16 24q-4 -22 10 -30q8 14 -10 30q6 -14 20 -12q-2 14 -20 12z",
    ],
  ],
  "GAR-CAN": [
    ["main", "M70 146L30 84", 10],
    ["dark", "M18 92L40 72", 9],
    ["dark", "M132 98C178 82 174 156 132 148", 7],
    ["dark", "M74 92C76 54 122 54 124 92", 7],
    ["main", box(62, 90, 74, 78, 9)],
    ["light", "M76 106v46", 4],
  ],
  "GAR-HAMMOCK": [
    ["wood", "M26 44V172M174 44V172", 9],
    ["dark", "M28 64L52 94M172 64L148 94", 3],
    ["main", "M46 84Q100 190 154 84Q100 128 46 84z"],
    ["light", "M66 104Q100 158 134 104M56 95Q100 176 144 95", 3],
  ],
  "GAR-POT": [
    [
      "leaf",
      "M98 88C60 84 48 56 56 34C84 42 98 60 100 88C96 50 112 34 132 28C146 52 134 80 100 88z",
    ],
    ["main", "M56 96h88l-12 76H68z"],
    ["dark", box(48, 80, 104, 20, 5)],
    ["light", "M72 110l6 50", 4],
  ],
  "GAR-SECATEURS": [
    ["metal", "M96 104C70 84 74 48 88 28C106 52 112 78 110 100z"],
    ["metal", "M104 100C116 84 128 70 126 48", 8],
    ["main", "M104 104C76 120 68 140 72 172", 13],
    ["dark", "M102 104C124 118 134 140 130 172", 13],
    ["ink", oval(103, 103, 7)],
  ],
  "GAR-SEEDS": [
    ["paper", box(58, 38, 84, 134, 6)],
    ["main", box(58, 38, 84, 34, 6)],
    ["light", "M70 56h60", 5],
    ["leaf", "M100 158V112M100 146q-20 0 -22 -16M100 138q20 0 22 -16", 5],
    ["main", oval(100, 102, 18)],
    ["glow", oval(100, 102, 8)],
  ],
  "GAR-SPADE": [
    ["wood", "M100 40V116", 10],
    ["dark", box(78, 26, 44, 15, 7)],
    ["main", "M70 108h60v36q-4 26 -30 36q-26 -10 -30 -36z"],
    ["light", "M100 116v48", 4],
  ],
  "KIT-BOARD": [
    ["main", box(86, 26, 28, 50, 12)],
    ["main", box(48, 58, 104, 116, 12)],
    ["paper", oval(100, 42, 6)],
    ["dark", "M66 76v80M84 70v92M118 70v92M136 82v70", 2],
  ],
  "KIT-COCOTTE": [
    ["dark", "M46 112h-14v12h14M154 112h14v12h-14", 7],
    ["main", box(44, 98, 112, 66, 16)],
    ["dark", "M40 98Q44 66 100 66Q156 66 160 98z"],
    ["glow", oval(100, 60, 9)],
    ["light", "M58 116v28", 4],
  ],
  "KIT-CREPE": [
    ["wood", "M126 128L172 166", 12],
    ["main", oval(88, 98, 58)],
    ["dark", oval(88, 98, 49)],
    ["glow", oval(88, 98, 38)],
    ["wood", "M70 88q8 -8 16 0M94 112q8 -6 14 2M78 112h6", 3],
  ],
  "KIT-JAR": [
    ["glass", box(60, 72, 80, 102, 14)],
    ["main", box(67, 100, 66, 67, 9)],
    ["light", oval(84, 120, 8)],
    ["light", oval(112, 140, 9)],
    ["light", oval(88, 150, 6)],
    ["metal", box(58, 54, 84, 20, 6)],
    ["glow", "M60 80h80", 5],
  ],
  "KIT-KNIFE": [
    ["metal", "M90 24Q132 58 124 120H90z"],
    ["glass", "M98 44v72", 3],
    ["main", box(88, 118, 26, 62, 9)],
    ["light", "M101 132v.1M101 150v.1M101 166v.1", 5],
  ],
  "KIT-PUREE": [
    ["metal", "M100 92V48H140", 6],
    ["wood", oval(144, 44, 9)],
    ["dark", "M64 148l-8 22M136 148l8 22", 7],
    ["main", "M42 90h116l-24 62H66z"],
    ["dark", box(36, 82, 128, 12, 6)],
    ["light", "M84 138v.1M100 138v.1M116 138v.1M92 126v.1M108 126v.1", 6],
  ],
  "LIG-BULB": [
    [
      "glow",
      "M100 32a46 46 0 0 1 26 84q-8 8 -8 20H82q0 -12 -8 -20a46 46 0 0 1 26 -84z",
    ],
    ["wood", "M90 136V104l-8 -18l12 10l6 -14l6 14l12 -10l-8 18v32", 2.5],
    ["metal", box(82, 136, 36, 28, 5)],
    ["ink", "M82 146h36M84 155h32", 3],
    ["ink", box(92, 162, 16, 9, 4)],
  ],
  "LIG-CANDLE": [
    [
      "glow",
      "M82 62q-12 -14 0 -32q12 18 0 32zM120 84q-12 -14 0 -32q12 18 0 32z",
    ],
    ["main", box(70, 68, 24, 100, 5)],
    ["main", box(108, 90, 24, 78, 5)],
    ["light", "M77 80v70M115 102v50", 4],
    ["metal", box(54, 164, 92, 9, 4)],
  ],
  "LIG-DESK": [
    ["glow", "M100 96L152 88L172 168H76z"],
    ["dark", "M70 166L54 108L104 70", 7],
    ["dark", oval(54, 108, 7)],
    ["main", box(40, 162, 60, 11, 5)],
    ["main", "M88 72L124 44L156 88Q128 104 96 98z"],
  ],
  "LIG-FLOOR": [
    ["glow", "M56 88H144L164 160H36z"],
    ["dark", "M100 80V170", 6],
    ["main", "M74 32h52l20 56H54z"],
    ["light", "M84 42l-12 38", 4],
    ["dark", box(66, 166, 68, 9, 4)],
  ],
  "LIG-LANTERN": [
    ["metal", "M70 66C70 24 130 24 130 66", 5],
    ["dark", box(64, 60, 72, 22, 8)],
    ["glow", box(72, 80, 56, 62, 8)],
    ["paper", oval(100, 112, 13, 18)],
    ["main", "M76 82V140M124 82V140", 5],
    ["main", box(60, 140, 80, 30, 8)],
  ],
  "LIG-PENDANT": [
    ["ink", "M100 8V62", 3],
    ["glow", "M52 118h96l22 50H30z"],
    ["main", "M38 120Q42 60 100 60Q158 60 162 120z"],
    ["dark", box(36, 114, 128, 9, 4)],
    ["metal", box(91, 48, 18, 16, 4)],
    ["light", "M58 104q8 -26 30 -32", 4],
  ],
  "OUT-BOTTLE": [
    ["main", box(72, 66, 56, 110, 16)],
    ["metal", box(84, 48, 32, 22, 3)],
    ["dark", box(80, 30, 40, 24, 7)],
    ["light", "M84 86v66", 5],
    ["dark", box(72, 142, 56, 9, 0)],
  ],
  "OUT-HEADLAMP": [
    ["main", "M34 96C34 34 166 34 166 96C166 150 34 150 34 96z", 12],
    ["light", "M58 132C84 146 116 146 142 132", 3],
    ["ink", box(72, 108, 56, 48, 14)],
    ["glow", oval(100, 132, 16)],
    ["paper", oval(100, 132, 8)],
  ],
  "OUT-PICNIC": [
    ["main", "M48 66L158 50L166 144L40 158z"],
    ["light", "M76 62L72 154M126 54L132 148M46 90L160 76M42 130L164 114", 7],
    ["dark", "M100 58L102 152M44 110L162 96", 5],
  ],
  "OUT-SLEEP": [
    [
      "main",
      "M60 70Q60 28 100 28Q140 28 140 70L130 158Q128 178 100 178Q72 178 70 158z",
    ],
    ["dark", oval(100, 62, 26, 22)],
    ["paper", oval(100, 66, 19, 14)],
    ["dark", "M63 96q37 12 74 0M66 118q34 12 68 0M68 140q32 11 64 0", 3],
    ["light", "M128 90L122 160", 3],
  ],
  "OUT-STOVE": [
    ["dark", "M138 88h30", 8],
    ["main", box(58, 64, 82, 48, 7)],
    ["light", "M68 76h58", 4],
    [
      "glow",
      "M82 136q-8 -10 2 -22q8 8 6 22zM98 138q-10 -12 2 -26q10 12 2 26zM114 136q-6 -10 4 -22q8 12 -2 22z",
    ],
    ["metal", "M66 114L74 142M134 114L126 142", 5],
    ["metal", box(72, 138, 56, 11, 4)],
    ["ink", box(78, 149, 44, 24, 8)],
  ],
  "OUT-TENT": [
    ["dark", "M104 44L182 160H118z"],
    ["main", "M100 44L172 160H28z"],
    ["dark", "M100 44L124 160H76z"],
    ["paper", "M100 90L112 160H88z"],
    ["light", "M92 66L40 152", 3],
    ["leaf", "M14 164H186", 6],
  ],
  "STA-CARDS": [
    ["dark", "M86 40L160 58L138 152L64 134z"],
    ["paper", box(44, 58, 92, 110, 4)],
    ["main", oval(90, 104, 20)],
    ["glow", oval(90, 104, 9)],
    ["ink", "M66 142h48M76 152h28", 3],
  ],
  "STA-FOUNTAIN": [
    ["main", box(87, 20, 26, 56, 10)],
    ["dark", box(88, 74, 24, 54, 3)],
    ["glow", "M88 126h24l-12 46z"],
    ["ink", "M100 140v26", 2],
    ["metal", "M117 30v34", 5],
    ["glow", "M87 76h26", 4],
  ],
  "STA-INK": [
    [
      "glass",
      "M62 92h76q12 4 12 16v50q0 12 -12 12H62q-12 0 -12 -12v-50q0 -12 12 -16z",
    ],
    ["main", box(58, 110, 84, 52, 8)],
    ["paper", box(74, 118, 52, 30, 3)],
    ["ink", "M82 133h36", 3],
    ["glass", box(82, 76, 36, 18)],
    ["ink", box(76, 48, 48, 30, 6)],
  ],
  "STA-NOTEBOOK": [
    ["paper", box(60, 46, 88, 122, 5)],
    ["main", box(54, 42, 88, 124, 6)],
    ["dark", box(54, 42, 16, 124, 6)],
    ["paper", box(82, 64, 42, 24, 3)],
    ["glow", "M130 42v124", 4],
  ],
  "STA-PENCIL": [
    ["wood", "M56 76l11 -28l11 28zM89 60l11 -28l11 28zM122 76l11 -28l11 28z"],
    [
      "ink",
      "M62.5 60l4.5 -12l4.5 12zM95.5 44l4.5 -12l4.5 12zM128.5 60l4.5 -12l4.5 12z",
    ],
    ["main", box(56, 76, 22, 96)],
    ["main", box(89, 60, 22, 112)],
    ["main", box(122, 76, 22, 96)],
    ["dark", "M67 76v96M100 60v112M133 76v96", 4],
    ["glow", "M56 164h22M89 164h22M122 164h22", 8],
  ],
  "STA-TRAY": [
    ["main", "M36 86h128l16 72H20z"],
    ["dark", "M48 96h104l10 50H38z"],
    ["paper", "M62 102h44l2 36H54z"],
    ["glow", "M120 106l10 30", 5],
    ["metal", "M134 104l10 30", 4],
  ],
  "TAB-BOWL": [
    ["dark", box(76, 154, 48, 14, 4)],
    ["main", "M40 92h120q-2 58 -42 66H82Q42 150 40 92z"],
    ["light", oval(100, 92, 60, 14)],
    ["dark", oval(100, 94, 51, 10)],
    ["light", "M58 112q6 22 22 32", 4],
  ],
  "TAB-CARAFE": [
    [
      "glass",
      "M84 34h32l-4 44Q146 104 146 140Q144 172 100 172Q56 172 54 140Q54 104 88 78z",
    ],
    ["main", "M58 128Q100 138 142 128Q150 168 100 168Q50 168 58 128z"],
    ["paper", "M72 118q6 -18 20 -28", 4],
    ["wood", box(86, 22, 28, 18, 5)],
  ],
  "TAB-CUTLERY": [
    ["main", "M62 40v34M52 40v28q0 14 10 14q10 0 10 -14v-28", 5],
    ["main", "M62 82v88", 8],
    ["main", oval(138, 62, 16, 24)],
    ["main", "M138 82v88", 8],
    ["dark", "M94 108V36Q116 60 108 108z"],
    ["main", "M101 106v64", 10],
  ],
  "TAB-GLASS": [
    ["glass", "M62 46h76l-9 124H71z"],
    ["main", "M67 96h66l-6 68H73z"],
    ["light", oval(100, 96, 33, 6)],
    ["paper", "M74 60l4 90", 4],
  ],
  "TAB-NAPKIN": [
    ["dark", "M100 36L168 104L100 172L32 104z"],
    ["main", "M100 48L168 104H32z"],
    ["light", "M100 84L140 104L100 172L60 104z"],
    ["glow", box(72, 108, 56, 14, 7)],
  ],
  "TAB-PLATE": [
    ["dark", oval(100, 106, 68)],
    ["main", oval(100, 102, 68)],
    ["light", oval(100, 102, 46)],
    ["main", oval(100, 102, 46), 2.5],
    ["dark", oval(100, 102, 60), 2],
  ],
};

/** The drawing of a category by its slug. */
export const CATEGORY_MOTIFS: Readonly<Record<string, string>> = {
  bags: "BAG-TOTE",
  bath: "BAT-TOWEL",
  bedding: "BED-CUSHION",
  clothing: "CLO-PULLOVER",
  "coffee-and-tea": "COF-CUP",
  furniture: "FUR-CHAIR",
  garden: "GAR-POT",
  kitchen: "KIT-COCOTTE",
  lighting: "LIG-PENDANT",
  outdoor: "OUT-TENT",
  stationery: "STA-PENCIL",
  tableware: "TAB-BOWL",
};
