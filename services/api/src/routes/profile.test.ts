import type { Problem, SpaceNow } from "@unbroken/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runApi, type RunningApi } from "../testing/running-api.ts";
import type { ProfileEntry } from "./api-schemas.ts";

let running: RunningApi;
beforeAll(async () => {
  running = await runApi();
});
afterAll(() => running.stop());

const rule = { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" };

async function state(organisation: string, body: unknown): Promise<ProfileEntry> {
  const answer = await running.call("stateProfile", { params: { organisation }, body });
  expect(answer.status).toBe(201);
  return answer.body as ProfileEntry;
}

async function builtIn(id: string, organisation?: string): Promise<ProfileEntry> {
  const query = organisation === undefined ? {} : { organisation };
  const { body } = await running.call("listProfiles", { query });
  const found = (body as { items: readonly ProfileEntry[] }).items.find((item) => item.id === id);
  if (found === undefined) throw new Error(`no profile ${id}`);
  return found;
}

describe("a version of a profile", () => {
  it("never changes: another document under its id is another hash, and the first stays readable", async () => {
    const first = await state("acme", { id: "fridge", rules: [rule] });
    const second = await state("acme", { id: "fridge", rules: [{ ...rule, limit: 7 }] });
    expect(second.hash).not.toBe(first.hash);
    for (const { hash, document } of [first, second]) {
      const { body } = await running.call("getProfile", { params: { hash } });
      expect(body).toMatchObject({ id: "fridge", hash, organisation: "acme", document });
    }
    expect(first.document).toEqual({ id: "fridge", rules: [rule] });
  });

  it("is the same however often it is stated, whatever the order of its fields", async () => {
    const once = await state("same", { id: "p", rules: [rule] });
    const again = await running.call("stateProfile", {
      params: { organisation: "same" },
      body: { rules: [rule], id: "p" },
    });
    expect(again.body).toMatchObject({ hash: once.hash });
    expect(again.headers.get("unbroken-facts")).toBeNull();
  });

  it("that comes with Unbroken is found by its hash too; one that nobody stated is not", async () => {
    const { hash } = await builtIn("yn.blueberry");
    const { body } = await running.call("getProfile", { params: { hash } });
    expect(body).toMatchObject({
      id: "yn.blueberry",
      organisation: null,
      title_zh: "蓝莓 0 ± 0.5 °C",
    });
    const missing = await running.call("getProfile", { params: { hash: "0".repeat(64) } });
    expect(missing).toMatchObject({ status: 404, body: { code: "UB_NOT_FOUND" } });
  });

  it("shows its rules in the unit of each: a rise of 3 K is no temperature", async () => {
    const { limits } = await builtIn("chilled.cn");
    expect(limits).toMatchObject([
      { rule: "high.warn", severity: "warn", limit: 8, limit_c: 8 },
      {
        rule: "high",
        mode: "consecutive",
        unit: "Cel",
        hold_ms: 1_800_000,
        clause: "GB 31605-2020, 0–10 °C",
      },
      { rule: "low", side: "low", comparison: "lt" },
      { rule: "rise", quantity: "product", mode: "rise", limit: 3, unit: "K", limit_c: null },
      { rule: "exposure", mode: "exposure", phases: ["load"], severity: "excursion" },
    ]);
  });
});

describe("a template", () => {
  it("is nobody's claim until an operator confirms it, for that organisation alone, and the board says so", async () => {
    await running.call("declareSpace", {
      params: { organisation: "op", space: "room" },
      body: { name: "Room", profile: "meat.red" },
    });
    const space = async (): Promise<SpaceNow> =>
      (await running.call("getSpace", { params: { organisation: "op", space: "room" } }))
        .body as SpaceNow;
    const { hash } = await builtIn("meat.red");
    expect((await space()).profile).toMatchObject({ confidence: "template", confirmed: false });
    const params = { organisation: "op", hash };
    const body = { note: "checked against ATP" };
    const confirmed = await running.call("confirmProfile", { params, body });
    expect(confirmed).toMatchObject({ status: 201, body: { id: "meat.red", confirmed: true } });
    expect((await space()).profile).toMatchObject({ confidence: "template", confirmed: true });
    expect(await builtIn("meat.red", "op")).toMatchObject({ organisation: null, confirmed: true });
    expect(await builtIn("meat.red", "acme")).toMatchObject({ confirmed: false });
    const again = await running.call("confirmProfile", { params, body: {} });
    expect(again.headers.get("unbroken-facts")).toBeNull();
  });

  it("that was never stated in the organisation is stated with its confirmation; an unknown one is not found", async () => {
    const { hash } = await builtIn("platelets");
    const params = { organisation: "bank", hash };
    const { headers } = await running.call("confirmProfile", { params, body: {} });
    expect(headers.get("unbroken-facts")?.split(", ")).toHaveLength(2);
    const { status } = await running.call("confirmProfile", {
      params: { organisation: "bank", hash: "f".repeat(64) },
      body: {},
    });
    expect(status).toBe(404);
  });
});

describe("a document that does not follow the rule language", () => {
  it("is refused with every place that is wrong and what would be right", async () => {
    const { status, body } = await running.call("stateProfile", {
      params: { organisation: "acme" },
      body: {
        id: "p",
        cadence: "5",
        rules: [
          { ...rule, hold: "PT0S" },
          { ...rule, id: "b", mode: "sometimes" },
        ],
      },
    });
    expect([status, (body as Problem).code]).toEqual([400, "UB_PROFILE_INVALID"]);
    expect((body as Problem).errors).toEqual([
      { pointer: "/cadence", detail: expect.stringContaining("ISO 8601") as string },
      { pointer: "/rules/0/hold", detail: expect.stringContaining("more than 0") as string },
      { pointer: "/rules/1/mode", detail: expect.stringContaining("exposure") as string },
    ]);
  });

  it("is pointed at within the body that carries it", async () => {
    const { body } = await running.call("declareSpace", {
      params: { organisation: "acme", space: "s" },
      body: { name: "S", profile: { id: "p", rules: [{ ...rule, limit: -300 }] } },
    });
    expect(body).toMatchObject({
      code: "UB_PROFILE_INVALID",
      errors: [{ pointer: "/profile/rules/0/limit" }],
    });
  });
});

it("the JSON Schema of a profile is published to anyone and names every mode", async () => {
  const response = await running.fetch("/api/v1/schemas/profile");
  const schema = (await response.json()) as Record<string, unknown>;
  expect(response.status).toBe(200);
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["id", "rules"],
    additionalProperties: false,
  });
  const { rules } = schema["properties"] as {
    readonly rules: { readonly items: { readonly oneOf: readonly { properties: object }[] } };
  };
  expect(rules.items.oneOf.map(({ properties }) => properties)).toMatchObject(
    ["instant", "consecutive", "cumulative", "window", "rise", "exposure"].map((mode) => ({
      mode: { const: mode },
    })),
  );
});
