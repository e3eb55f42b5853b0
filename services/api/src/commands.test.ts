import { createHash } from "node:crypto";
import {
  builtInProfiles,
  type DeviceCredentials,
  type DeviceView,
  type Problem,
  type SpaceNow,
} from "@unbroken/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readingOf, readingsOutput } from "./testing/outputs.ts";
import { runApi, type RunningApi } from "./testing/running-api.ts";

let running: RunningApi;
let count = 0;

beforeAll(async () => {
  running = await runApi();
});
afterAll(() => running.stop());

/** An organisation that no other test has. */
const fresh = (): string => `org${count++}`;

const put = (id: string, params: Readonly<Record<string, string>>, body: unknown) =>
  running.call(id, { params, body });

const register = (organisation: string, device: string, body: unknown = {}) =>
  running.call("registerDevice", { params: { organisation, device }, body });

const space = async (organisation: string, name: string): Promise<SpaceNow> =>
  (await running.call("getSpace", { params: { organisation, space: name } })).body as SpaceNow;

describe("registering a device", () => {
  it("gives all that an MQTT client needs, once; the register keeps only a hash", async () => {
    const organisation = fresh();
    const { status, body } = await register(organisation, "d1");
    const { username, password, topic } = body as DeviceCredentials;
    expect(status).toBe(201);
    expect([username, topic]).toEqual([`${organisation}/d1`, `unbroken/v1/${organisation}/d1/up`]);
    expect(Buffer.from(password, "base64url")).toHaveLength(32);
    const records = await running.log.readFacts(0, 0, 1_000);
    const own = records.filter((record) => record.organisation === organisation);
    const text = own.map((record) => Buffer.from(record.body).toString()).join("\n");
    expect(text).toContain(createHash("sha256").update(password).digest("hex"));
    expect(text).not.toContain(password);
  });

  it("refuses one that exists, until it is revoked", async () => {
    const organisation = fresh();
    const first = (await register(organisation, "d1")).body as DeviceCredentials;
    const again = await register(organisation, "d1");
    expect([again.status, (again.body as Problem).code]).toEqual([409, "UB_CONFLICT"]);
    const revoked = await running.call("revokeDevice", { params: { organisation, device: "d1" } });
    expect((revoked.body as DeviceView).revoked).toBe(true);
    const second = (await register(organisation, "d1")).body as DeviceCredentials;
    expect(second.password).not.toBe(first.password);
  });

  it("registers one of many that ask at once", async () => {
    const organisation = fresh();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => register(organisation, "d1")),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array<number>(7).fill(409),
    ]);
  });

  it("declares its space and places it there for all its time, so that back-filled history counts", async () => {
    const organisation = fresh();
    await register(organisation, "d1", { space: "cold", profile: "chilled.cn" });
    expect(await space(organisation, "cold")).toMatchObject({
      name: "cold",
      condition: "unproven",
      sensors: [],
      profile: { id: "chilled.cn", cadence_ms: 300_000, gap_ms: 750_000 },
    });
    const facts = await factsOf(organisation);
    expect(facts).toContainEqual([0, { kind: "sensor-placed", device: "d1", space: "cold" }]);
    expect(facts.find(([, { kind }]) => kind === "profile-assigned")?.[0]).toBe(0);
  });

  it("assigns a further profile from now on only: what was judged stays", async () => {
    const organisation = fresh();
    await register(organisation, "d1", { space: "cold", profile: "chilled.cn" });
    await register(organisation, "d2", { space: "cold", profile: "chilled.cn" });
    const before = running.now();
    await register(organisation, "d3", { space: "cold", profile: "frozen.cn" });
    const assigned = (await factsOf(organisation)).filter(
      ([, { kind }]) => kind === "profile-assigned",
    );
    expect(assigned).toHaveLength(2);
    expect(assigned[1]?.[0]).toBeGreaterThanOrEqual(before);
    expect((await space(organisation, "cold")).profile?.id).toBe("frozen.cn");
  });

  it("places a device that comes back from now on only: it keeps its past", async () => {
    const organisation = fresh();
    await register(organisation, "d1", { space: "cold" });
    await running.call("revokeDevice", { params: { organisation, device: "d1" } });
    const before = running.now();
    await register(organisation, "d1", { space: "dock" });
    const placed = (await factsOf(organisation)).filter(([, { kind }]) => kind === "sensor-placed");
    expect(placed[1]?.[0]).toBeGreaterThanOrEqual(before);
  });
});

describe("sites, vehicles and spaces", () => {
  it("are shown as they were stated, in the zone of where they are", async () => {
    const organisation = fresh();
    await put(
      "declareSite",
      { organisation, site: "s1" },
      {
        name: "库一",
        zone: "Asia/Shanghai",
        region: "310115",
      },
    );
    await put(
      "declareVehicle",
      { organisation, vehicle: "v1" },
      {
        name: "Truck 1",
        zone: "Europe/Berlin",
        plate: "沪A12345",
      },
    );
    const inSite = await put(
      "declareSpace",
      { organisation, space: "a" },
      { name: "A", site: "s1" },
    );
    const inTruck = await put(
      "declareSpace",
      { organisation, space: "b" },
      { name: "B", vehicle: "v1" },
    );
    expect(inSite.body).toMatchObject({ site_name: "库一", zone: "Asia/Shanghai" });
    expect(inTruck.body).toMatchObject({ vehicle_name: "Truck 1", zone: "Europe/Berlin" });
    const sites = await running.call("listSites", { query: { organisation } });
    expect(sites.body).toMatchObject({ items: [{ site: "s1", region: "310115" }], next: null });
    const vehicles = await running.call("listVehicles", { query: { organisation } });
    expect(vehicles.body).toMatchObject({ items: [{ vehicle: "v1", plate: "沪A12345" }] });
  });

  it("are stated once: the same again leads to no fact", async () => {
    const organisation = fresh();
    const body = { name: "S", zone: "UTC" };
    const first = await put("declareSite", { organisation, site: "s1" }, body);
    const again = await put("declareSite", { organisation, site: "s1" }, body);
    expect(first.headers.get("unbroken-facts")).toMatch(/^[0-9a-f-]{36}$/);
    expect(again.headers.get("unbroken-facts")).toBeNull();
    expect(await factsOf(organisation)).toHaveLength(1);
  });

  it("take a whole profile document, and name it by the hash of what was stated", async () => {
    const organisation = fresh();
    const profile = {
      id: "fridge",
      rules: [{ id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT60M" }],
    };
    await put("declareSpace", { organisation, space: "a" }, { name: "A", profile });
    await put("declareSpace", { organisation, space: "b" }, { name: "B" });
    await put("assignProfile", { organisation, space: "b" }, { profile: "fridge" });
    // RFC 8785 by hand: keys in order, no white space.
    const canonical =
      '{"id":"fridge","rules":[{"cmp":"gt","hold":"PT60M","id":"high","limit":8,"mode":"consecutive"}]}';
    const hash = createHash("sha256").update(canonical).digest("hex");
    expect((await space(organisation, "a")).profile?.hash).toBe(hash);
    expect((await space(organisation, "b")).profile?.hash).toBe(hash);
    const { body } = await running.call("listProfiles", { query: { organisation } });
    const { items } = body as {
      items: readonly { id: string; hash: string; organisation: string }[];
    };
    const ids = items.map(({ id }) => id);
    // Those that come with Unbroken first, by id, then the organisation's.
    expect(ids.slice(0, -1)).toEqual(builtInProfiles.map(({ id }) => id).sort());
    expect(items.at(-1)).toMatchObject({ id: "fridge", hash, organisation });
  });
});

describe("placing a sensor", () => {
  it("moves it to another space on the board at once", async () => {
    // Outputs are of the organisation acme.
    await register("acme", "d1", { space: "cold", profile: "chilled.cn" });
    await put("declareSpace", { organisation: "acme", space: "dock" }, { name: "Dock" });
    await running.commit([readingsOutput([readingOf("d1/main", running.now(), 4)])]);
    await expect.poll(async () => (await space("acme", "cold")).sensors.length).toBe(1);
    const placed = await running.call("placeSensor", {
      params: { organisation: "acme", device: "d1" },
      body: { space: "dock" },
    });
    expect(placed).toMatchObject({ status: 201, body: { space: "dock" } });
    expect((await space("acme", "cold")).sensors).toEqual([]);
    expect((await space("acme", "dock")).sensors).toMatchObject([
      { sensor: "d1/main", value_c: 4 },
    ]);
  });
});

describe("an Idempotency-Key", () => {
  it("gives the first answer again, and refuses another request under it", async () => {
    const organisation = fresh();
    const params = { organisation, device: "d1" };
    const headers = { "idempotency-key": `key-${organisation}` };
    const first = await running.call("registerDevice", { params, body: {}, headers });
    const again = await running.call("registerDevice", { params, body: {}, headers });
    expect(again).toMatchObject({ status: 201, body: first.body as object });
    const other = await running.call("registerDevice", { params, body: { name: "x" }, headers });
    expect((other.body as Problem).code).toBe("UB_CONFLICT");
    running.advance(600_001);
    const late = await running.call("registerDevice", { params, body: {}, headers });
    expect(late.status).toBe(409);
  });

  it("is free again where the command failed", async () => {
    const organisation = fresh();
    const params = { organisation, device: "d1" };
    const headers = { "idempotency-key": `key-${organisation}` };
    const body = { space: "cold", profile: "later" };
    expect((await running.call("registerDevice", { params, body, headers })).status).toBe(404);
    await put(
      "declareSpace",
      { organisation, space: "x" },
      {
        name: "X",
        profile: { id: "later", rules: [{ id: "high", cmp: "gt", limit: 8, mode: "instant" }] },
      },
    );
    expect((await running.call("registerDevice", { params, body, headers })).status).toBe(201);
  });
});

it("all that was stated is there after a restart, and a session is not", async () => {
  let own = await runApi();
  await own.call("registerDevice", {
    params: { organisation: "acme", device: "d1" },
    body: { space: "cold", profile: "chilled.cn" },
  });
  const at = own.now();
  await own.commit(
    [readingsOutput([readingOf("d1/main", at, 4.5)])],
    [["last/acme/d1/main", { ...readingOf("d1/main", at, 4.5), heardAt: at + 7 }]],
  );
  own = await own.restart();
  const { body } = await own.call("getSpace", { params: { organisation: "acme", space: "cold" } });
  expect(body).toMatchObject({ condition: "in-range", worst: { value_c: 4.5 } });
  const devices = await own.call("listDevices");
  expect(devices.body).toMatchObject({
    items: [{ device: "d1", last_received_at: new Date(at + 7).toISOString() }],
  });
  await own.stop();
});

type Stated = readonly [effectiveFrom: number, statement: { readonly kind: string }];

async function factsOf(organisation: string): Promise<readonly Stated[]> {
  const records = await running.log.readFacts(0, 0, 10_000);
  return records
    .filter((record) => record.organisation === organisation)
    .map(({ body }) => {
      const fact = JSON.parse(Buffer.from(body).toString()) as {
        effectiveFrom: number;
        statement: { kind: string };
      };
      return [fact.effectiveFrom, fact.statement] as const;
    });
}
