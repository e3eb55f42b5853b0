import type { FactView, Problem } from "@unbroken/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runApi, type RunningApi } from "../testing/running-api.ts";

let running: RunningApi;
let count = 0;
beforeAll(async () => {
  running = await runApi();
});
afterAll(() => running.stop());

const begin = Date.now();
const at = (minutes: number): string => new Date(begin + minutes * 60_000).toISOString();

/** A space of an organisation that no other test has, with a device in it. */
async function space(): Promise<{ readonly organisation: string; readonly space: string }> {
  const organisation = `org${count++}`;
  await running.call("registerDevice", {
    params: { organisation, device: "d1" },
    body: { space: "cold", profile: "chilled.cn" },
  });
  return { organisation, space: "cold" };
}

async function list(id: string, params: Readonly<Record<string, string>>): Promise<FactView[]> {
  const { status, body } = await running.call(id, { params });
  expect(status).toBe(200);
  return (body as { facts: FactView[] }).facts;
}

describe("what is stated of a space", () => {
  it("is listed with who said it and when it held, the latest first; the later takes the place of the one before", async () => {
    const params = await space();
    const first = await running.call("stateThermal", {
      params,
      body: { time_constant: "PT6H", ambient_c: 35, coldest_c: -25, effective_from: at(-60) },
    });
    expect(first).toMatchObject({
      status: 201,
      body: {
        current: true,
        ended_at: null,
        stated_by: "admin",
        fact: {
          kind: "thermal-stated",
          time_constant_ms: 21_600_000,
          ambient_c: 35,
          coldest_c: -25,
        },
      },
    });
    await running.call("stateThermal", {
      params,
      body: { time_constant: "PT4H", ambient_c: 30, effective_from: at(-10) },
    });
    const facts = await list("listSpaceFacts", params);
    expect(facts.map(({ fact, current, ended_at }) => [fact.kind, current, ended_at])).toEqual([
      ["thermal-stated", true, null],
      ["thermal-stated", false, at(-10)],
      ["sensor-placed", true, null],
      ["profile-assigned", true, null],
    ]);
    expect(
      running.api.routes.some(({ method, path }) => method === "delete" && /facts/.test(path)),
    ).toBe(false);
  });

  it("out of service ends at its own end, or where it is stated to be back", async () => {
    const params = await space();
    const reason = "defrost and repair";
    await running.call("takeOutOfService", {
      params,
      body: { empty: true, reason, effective_from: at(-120), until: at(-90) },
    });
    await running.call("takeOutOfService", {
      params,
      body: { empty: true, reason, effective_from: at(-60) },
    });
    const back = await running.call("returnToService", {
      params,
      body: { effective_from: at(-5) },
    });
    expect(back.status).toBe(201);
    const facts = await list("listSpaceFacts", params);
    const service = facts.filter(({ fact }) => /service/.test(fact.kind));
    expect(service.map((fact) => [fact.fact.kind, fact.current, fact.ended_at])).toEqual([
      ["returned-to-service", true, null],
      ["out-of-service-stated", false, at(-5)],
      ["out-of-service-stated", false, at(-90)],
    ]);
  });

  it("a phase lasts until its end or the next", async () => {
    const params = await space();
    await running.call("statePhase", { params, body: { phase: "load", until: at(30) } });
    await running.call("statePhase", {
      params,
      body: { phase: "transit", effective_from: at(10) },
    });
    const [next, now] = await list("listSpaceFacts", params);
    expect(next).toMatchObject({ current: false, fact: { phase: "transit", until: null } });
    expect(now).toMatchObject({ current: true, ended_at: at(10), fact: { phase: "load" } });
  });

  it("is there after a restart as it was", async () => {
    const params = await space();
    await running.call("statePhase", { params, body: { phase: "store" } });
    const before = await list("listSpaceFacts", params);
    running = await running.restart();
    expect(await list("listSpaceFacts", params)).toEqual(before);
  });
});

describe("what is known of a probe", () => {
  it("is of all probes of the device, or of one, each in its own place", async () => {
    const { organisation } = await space();
    const params = { organisation, device: "d1" };
    await running.call("describeSensor", {
      params,
      body: { accuracy_k: 0.5, calibrated_at: at(-5_000), calibration_due: at(500_000) },
    });
    const one = await running.call("describeSensor", {
      params,
      body: { probe: "p2", accuracy_k: 0.2, certificate: "CNAS L1234" },
    });
    expect(one.body).toMatchObject({ fact: { probe: "p2", accuracy_k: 0.2, calibrated_at: null } });
    const facts = await list("listDeviceFacts", params);
    expect(
      facts.map(({ fact, current }) => [fact.kind, "probe" in fact ? fact.probe : null, current]),
    ).toEqual([
      ["sensor-described", "p2", true],
      ["sensor-described", null, true],
      ["sensor-placed", null, true],
    ]);
  });
});

describe("a statement that cannot be", () => {
  const cold = { time_constant: "PT6H", ambient_c: 5 };
  const reason = "repair";
  it.each<[string, unknown, string, RegExp]>([
    ["stateThermal", { ...cold, coldest_c: 5 }, "/coldest_c", /below ambient_c/],
    ["stateThermal", { ...cold, time_constant: "PT0S" }, "/time_constant", /PT1S to P366D/],
    ["stateThermal", { ...cold, time_constant: "6 h" }, "/time_constant", /ISO 8601/],
    ["stateThermal", { ...cold, ambient_c: 300 }, "/ambient_c", /200/],
    ["stateThermal", { ...cold, effective_from: "yesterday" }, "/effective_from", /RFC 3339/],
    ["takeOutOfService", { reason }, "/empty", /only an empty space/],
    ["takeOutOfService", { reason, empty: false }, "/empty", /only an empty space/],
    ["takeOutOfService", { empty: true, reason: " " }, "/reason", /./],
    [
      "takeOutOfService",
      {
        empty: true,
        reason,
        effective_from: "2026-01-02T00:00:00Z",
        until: "2026-01-01T00:00:00Z",
      },
      "/until",
      /after effective_from/,
    ],
    ["takeOutOfService", { empty: true, reason, until: "2020-01-01T00:00:00Z" }, "/until", /over/],
    ["returnToService", {}, "/effective_from", /in service/],
    ["statePhase", { phase: "lunch" }, "/phase", /transit/],
    ["statePhase", { phase: "load", until: "2020-01-01T00:00:00Z" }, "/until", /over already/],
  ])("%s %j is refused at %s", async (id, body, pointer, detail) => {
    const answer = await running.call(id, { params: await space(), body });
    expect([answer.status, (answer.body as Problem).code]).toEqual([400, "UB_REQUEST_INVALID"]);
    const [error] = (answer.body as Problem).errors ?? [];
    expect(error?.pointer).toBe(pointer);
    expect(error?.detail).toMatch(detail);
  });

  it.each<[unknown, string]>([
    [{}, "/accuracy_k"],
    [{ probe: "p1" }, "/accuracy_k"],
    [{ accuracy_k: -0.1 }, "/accuracy_k"],
    [{ accuracy_k: 0.5, drift_k_per_year: 0.1 }, "/drift_k_per_year"],
    [
      { calibrated_at: "2026-05-01T00:00:00Z", calibration_due: "2026-05-01T00:00:00Z" },
      "/calibration_due",
    ],
  ])("a description %j is refused at %s", async (body, pointer) => {
    const { organisation } = await space();
    const params = { organisation, device: "d1" };
    const answer = await running.call("describeSensor", { params, body });
    expect(answer.status).toBe(400);
    expect((answer.body as Problem).errors?.[0]?.pointer).toBe(pointer);
  });

  it.each([
    ["stateThermal", { ...cold }, { space: "nowhere" }],
    ["statePhase", { phase: "load" }, { space: "nowhere" }],
    ["describeSensor", { accuracy_k: 0.5 }, { device: "nobody" }],
    ["listSpaceFacts", undefined, { space: "nowhere" }],
    ["listDeviceFacts", undefined, { device: "nobody" }],
  ])("%s of what was never declared is not found", async (id, body, params) => {
    const answer = await running.call(id, { params: { organisation: "acme", ...params }, body });
    expect([answer.status, (answer.body as Problem).code]).toEqual([404, "UB_NOT_FOUND"]);
  });
});
