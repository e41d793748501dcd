// Builds the page into ../site, which is committed and compiled into the component, or into $OUT_DIR.

import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** Modules of Scalar that the page never needs, because its configuration turns their features off, each with what is there instead. */
const LEFT_OUT: [RegExp, string][] = [
  // Its services: its agent, its SDK generator, its developer tools.
  [/\/api-reference\/dist\/components\/AgentScalar\/AgentScalarDrawer\.vue\.js$/, "export default undefined;"],
  [/\/api-reference\/dist\/features\/explore-scalar\/index\.js$/, "export const ExploreScalarButton = undefined;"],
  [/\/api-reference\/dist\/features\/explore-scalar\/components\/ExploreScalarModal\.vue\.js$/, "export default undefined;"],
  // The icons that a document may choose for its tags: one file each.
  [
    /\/icons\/dist\/library\/icons\.js$/,
    "export const libraryIcons = []; export const getLibraryIcon = () => Promise.resolve(undefined);",
  ],
];

/** Changes of the sources: [module, text, replacement]. */
const CHANGES: [RegExp, string, string][] = [
  // The content security policy of the page refuses style elements. The style sheets of the editor are constructed instead, as in a shadow root.
  [/\/style-mod\/src\/style-mod\.js$/, "!root.head && root.adoptedStyleSheets", "root.adoptedStyleSheets"],
  // The styles of messages, which style.css imports.
  [/\/use-toasts\/dist\/index\.js$/, 'if (typeof document != "undefined")', "if (false)"],
  // The element for themes and custom CSS, of which there is none.
  [
    /\/api-reference\/dist\/components\/ApiReference\.vue_vue_type_script_setup_true_lang\.js$/,
    'createBlock(resolveDynamicComponent("style"), { innerHTML: styleContent.value }, null, 8, ["innerHTML"])',
    'createCommentVNode("", true)',
  ],
  // A style attribute in text is refused as well; a property of the element is not.
  [/\/themes\/dist\/index\.js$/, 'parent.setAttribute("style", ', "(parent.style.cssText = "],
  [/\/themes\/dist\/index\.js$/, 'child.setAttribute("style", ', "(child.style.cssText = "],
  // The width of line numbers in examples, which style.css has.
  [/\/highlight\/dist\/compat\/syntax-highlight\.js$/, "const style = lineMode ?", "const style = false ?"],
  [/\/code-highlight\/dist\/chunks\/code\.js$/, "node.properties.style =", "node.properties.dataLines ="],
  // The question whether `eval` is allowed. It is not.
  [/\/zod\/v4\/core\/util\.js$/, 'new F("");', 'throw new Error("not allowed");'],

  // An optional header or parameter with an example is sent only if the reader chooses it: `If-Match: "v3"` would refuse nearly every request.
  [/\/header\/is-param-disabled\.js$/, "!defaultDisabled || hasValue", "!defaultDisabled"],

  // Roles and names for screen readers (WCAG 2.2, 4.1.2): an input without a list is no combobox, a button is a button, and a scrolled text has a name
  // and can be reached with the keyboard.
  [/\/CodeInputLite\.vue_vue_type_script_setup_true_lang\.js$/, '__props.withVariables ? "combobox" : "textbox"', '"textbox"'],
  [/\/RequestTableTooltip\.vue_vue_type_script_setup_true_lang\.js$/, 'isInvalid.value ? "alert" : "none"', "undefined"],
  [/\/ResponseBodyRaw\.vue_vue_type_script_setup_true_lang\.js$/, '"aria-controls": unref(id),', ""],
  [/\/@codemirror\/view\/dist\/index\.js$/, '"aria-multiline": "true"', '"aria-multiline": "true", "aria-label": "Body"'],
  [/\/@codemirror\/view\/dist\/index\.js$/, "this.scrollDOM.tabIndex = -1;", "this.scrollDOM.tabIndex = 0;"],
];

/** What the ids of the modules instead begin with. */
const PREFIX = "\0left-out:";

/** Applies the lists above, and fails if one of them does not match the sources any more. */
function adapted(): Plugin {
  const pending = new Set<unknown>([...LEFT_OUT, ...CHANGES]);
  return {
    name: "adapted-scalar",
    enforce: "pre",
    async resolveId(source, importer, options) {
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const index = LEFT_OUT.findIndex(([module]) => resolved !== null && module.test(resolved.id));
      if (index < 0) {
        return null;
      }
      pending.delete(LEFT_OUT[index]);
      return `${PREFIX}${index}`;
    },
    load(id) {
      return id.startsWith(PREFIX) ? (LEFT_OUT[Number(id.slice(PREFIX.length))]?.[1] ?? null) : null;
    },
    transform(code, id) {
      const changes = CHANGES.filter(([module, text]) => module.test(id.split("?")[0] ?? id) && code.includes(text));
      if (changes.length === 0) {
        return null;
      }
      changes.forEach((change) => pending.delete(change));
      return { code: changes.reduce((code, [, text, replacement]) => code.replace(text, replacement), code), map: null };
    },
    buildEnd(error) {
      if (error === undefined && pending.size > 0) {
        throw new Error(`Scalar has changed: nothing matches ${[...pending].join(", ")}`);
      }
    },
  };
}

export default defineConfig({
  base: "/docs/",
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [adapted()],
  define: { __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  build: {
    outDir: process.env["OUT_DIR"] ?? "../site",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // A font or an image in a style sheet would be a data URL, which the policy does not allow for fonts.
    assetsInlineLimit: 0,
    // The licences of what becomes part of the page, which demand to be passed on.
    license: { fileName: "licences.txt" },
    chunkSizeWarningLimit: 4000,
  },
  server: { proxy: proxy() },
  preview: { proxy: proxy() },
});

/** Returns the paths of the platform, for `vite dev` and `vite preview`. */
function proxy(): Record<string, string> {
  const platform = process.env["SPINDLE_URL"] ?? "http://127.0.0.1:3000";
  return Object.fromEntries(["/v1", "/openapi.", "/asyncapi.", "/healthz", "/readyz", "/.well-known"].map((path) => [path, platform]));
}
