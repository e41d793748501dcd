/** Addresses as forms have them, and as the API has them: pure. */
import type {
  RequestedAddress,
  SavedAddress,
  SavedAddressInput,
} from "@spindle-commerce/client";

/** An address as it is typed. */
export interface AddressDraft {
  name: string;
  line1: string;
  line2: string;
  postalCode: string;
  city: string;
  country: string;
  label: string;
}

/** The fields of an address by the pointers of their values. */
export const ADDRESS_FIELDS = {
  "/name": { name: "name", label: "Recipient" },
  "/lines/1": { name: "line2", label: "Address line 2" },
  "/lines": { name: "line1", label: "Street and house" },
  "/postal_code": { name: "postalCode", label: "Postal code" },
  "/city": { name: "city", label: "City" },
  "/country": { name: "country", label: "Country" },
  "/label": { name: "label", label: "Label" },
} as const;

/** The countries, as ISO 3166-1 has them, and Kosovo. The API says which of the fields each needs. */
const COUNTRIES =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split(
    " ",
  );

/** The names are in the language of the page. */
const names = new Intl.DisplayNames("en", { type: "region" });

/** Returns the name of a country. */
export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Returns the countries by their names, for a field. */
export function countryOptions(): (readonly [code: string, name: string])[] {
  const options = COUNTRIES.map((code) => [code, countryName(code)] as const);
  return options.sort(([, a], [, b]) => a.localeCompare(b, "en"));
}

/** Returns an empty draft. The country is that of the browser's language, if it names one. */
export function emptyDraft(
  name: string,
  language: string | undefined,
): AddressDraft {
  const region =
    language === undefined ? undefined : new Intl.Locale(language).region;
  const country =
    region !== undefined && COUNTRIES.includes(region) ? region : "DE";
  return {
    name,
    line1: "",
    line2: "",
    postalCode: "",
    city: "",
    country,
    label: "",
  };
}

/** Returns the draft of a saved address. Its third and fourth line, which the form does not have, end up in the second. */
export function draftOf(address: SavedAddress): AddressDraft {
  const [line1 = "", ...others] = address.lines;
  return {
    name: address.name,
    line1,
    line2: others.join(", "),
    postalCode: address.postal_code,
    city: address.city,
    country: address.country,
    label: address.label ?? "",
  };
}

/** Returns the address of an order. */
export function requestedAddress(draft: AddressDraft): RequestedAddress {
  // An empty first line stays, so that the error of the API is about it.
  const lines = [draft.line1.trim(), draft.line2.trim()].filter(
    (line, i) => i === 0 || line !== "",
  );
  return {
    name: draft.name.trim(),
    lines,
    city: draft.city.trim(),
    postal_code: draft.postalCode.trim(),
    country: draft.country,
  };
}

/** Returns the address to save. One with an id is the one that it replaces. */
export function savedAddress(
  draft: AddressDraft,
  id?: string,
): SavedAddressInput {
  const label = draft.label.trim();
  return {
    ...requestedAddress(draft),
    label: label === "" ? null : label,
    ...(id === undefined ? {} : { id }),
  };
}

/** Returns the parts of an address, one to a line. */
export function addressLines(address: {
  name: string;
  lines: readonly string[];
  postal_code: string;
  city: string;
  country: string;
}): string[] {
  const town = [address.postal_code, address.city].filter(Boolean).join(" ");
  return [
    address.name,
    ...address.lines,
    town,
    countryName(address.country),
  ].filter(Boolean);
}
