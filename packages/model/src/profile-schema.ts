import { z } from "zod";
import { ProfileDocument } from "./profile.ts";

/**
 * The JSON Schema (draft 2020-12) of a profile as a person states it. It sees single fields; fields that contradict each
 * other are refused beyond it (docs/rules.md).
 */
export function profileJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(ProfileDocument, {
    io: "input",
    target: "draft-2020-12",
  });
  return {
    $schema,
    $id: "urn:unbroken:schema:profile:1",
    title: "Unbroken profile",
    description: "What may not happen to goods or a space; docs/rules.md says what each word means",
    ...schema,
  };
}
