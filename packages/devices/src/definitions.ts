import { canonicalJson } from "@unbroken/model";
import { ownFields } from "./own/own-v1-definition.ts";
import { senmlLabels, senmlSwitches, senmlUnits } from "./senml/senml-definition.ts";

/** The canonical JSON (RFC 8785) of what a format's data says: the text that its hash is taken of. */
export const definitionTexts = {
  own: canonicalJson({
    format: "own/1",
    fields: ownFields.map(({ field, quantity, as }) => ({ field, quantity, as })),
    clock: ["age_s", "sent_at"],
  }),
  senml: canonicalJson({
    format: "senml/1",
    labels: [...senmlLabels].map(([label, name]) => [label, name]),
    units: [...senmlUnits].map(([unit, entry]) => ({ unit, ...entry })),
    switches: senmlSwitches.map(({ name, quantity }) => ({ name: name.source, quantity })),
  }),
} as const;

/**
 * What decoded a reading: the format and the first 16 digits of its text's SHA-256. They are written down, for
 * this package has no hash function; a test computes them and fails when a text changes and its hash does not.
 */
export const definitions = {
  own: "own/1@c24b2771c7186d06",
  senml: "senml/1@5a8d938b53866d01",
} as const;
