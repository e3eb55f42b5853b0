import { generate, type IConnectPacket } from "mqtt-packet";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectPacket, connectRaw } from "./testing/raw-client.ts";
import { runGateway, type RunningGateway } from "./testing/running-gateway.ts";

const TOKEN = "3q2-7wE_5h0s9kQmL1xYbVd8uNfRtGzJcPpAoIiUyTe";

let running: RunningGateway;
beforeAll(async () => {
  running = await runGateway({ connectBytesMax: 4_096 });
  await running.register("acme", "probe-1", TOKEN);
  await running.register("acme", "probe-2", "another token");
  await running.register("rival", "probe-1", "the rival's token");
  await running.register("acme", "stolen", TOKEN);
  await running.revoke("acme", "stolen");
  await running.register("acme", "renewed", "the old token");
  await running.register("acme", "renewed", TOKEN);
  await running.register("acme", "back", "the old token");
  await running.revoke("acme", "back");
  await running.register("acme", "back", TOKEN);
});
afterAll(() => running.stop());

const ACCEPTED = 0;
const IDENTIFIER_REJECTED = 2;
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

type Row = readonly [
  what: string,
  username: string | undefined,
  password: string | Buffer | undefined,
  returnCode: number,
];

it.each<Row>([
  ["its own name and token", "acme/probe-1", TOKEN, ACCEPTED],
  ["a token given a moment ago in place of an older one", "acme/renewed", TOKEN, ACCEPTED],
  ["the token of before", "acme/renewed", "the old token", BAD_USER_NAME_OR_PASSWORD],
  ["a device that was revoked and registered again", "acme/back", TOKEN, ACCEPTED],
  ["the token of before the revocation", "acme/back", "the old token", BAD_USER_NAME_OR_PASSWORD],
  ["a revoked device", "acme/stolen", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["no name and no token", undefined, undefined, NOT_AUTHORIZED],
  ["a name without a token", "acme/probe-1", undefined, NOT_AUTHORIZED],
  ["an empty name", "", TOKEN, NOT_AUTHORIZED],
  ["an empty token", "acme/probe-1", "", BAD_USER_NAME_OR_PASSWORD],
  ["a wrong token", "acme/probe-1", "guess", BAD_USER_NAME_OR_PASSWORD],
  ["a token cut short", "acme/probe-1", TOKEN.slice(0, -1), BAD_USER_NAME_OR_PASSWORD],
  ["a token and a bit more", "acme/probe-1", `${TOKEN}=`, BAD_USER_NAME_OR_PASSWORD],
  ["a token in other letters", "acme/probe-1", TOKEN.toUpperCase(), BAD_USER_NAME_OR_PASSWORD],
  ["a token with a zero byte", "acme/probe-1", `${TOKEN}\0`, BAD_USER_NAME_OR_PASSWORD],
  ["another device's token", "acme/probe-1", "another token", BAD_USER_NAME_OR_PASSWORD],
  ["another organisation's token", "acme/probe-1", "the rival's token", BAD_USER_NAME_OR_PASSWORD],
  ["the same device name elsewhere", "rival/probe-1", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["an unknown device", "acme/probe-9", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["an unknown organisation", "nobody/probe-1", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a device without its organisation", "probe-1", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["an organisation without a device", "acme/", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a name in other letters", "ACME/PROBE-1", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a name with a space behind", "acme/probe-1 ", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a name with a slash more", "acme/probe-1/", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a name with a wildcard", "acme/+", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a name that every object knows", "__proto__", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a name that every object has", "constructor", TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["the hash that is stored", "acme/probe-1", "0".repeat(64), BAD_USER_NAME_OR_PASSWORD],
  ["a name of 1,500 letters", "a".repeat(1_500), TOKEN, BAD_USER_NAME_OR_PASSWORD],
  ["a token of 1,500 bytes", "acme/probe-1", Buffer.alloc(1_500, 7), BAD_USER_NAME_OR_PASSWORD],
  [
    "a token that is not text",
    "acme/probe-1",
    Buffer.from([0xff, 0xfe]),
    BAD_USER_NAME_OR_PASSWORD,
  ],
])(
  "a connection with %s is answered as it should be",
  async (_, username, password, returnCode) => {
    const answered = await returnCodeOf({
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
    });
    expect(answered).toBe(returnCode);
  },
);

const own = { username: "acme/probe-1", password: Buffer.from(TOKEN) };

it.each<readonly [string, Partial<IConnectPacket>, number]>([
  ["one letter", { clientId: "a" }, ACCEPTED],
  ["128 letters", { clientId: "a".repeat(128) }, ACCEPTED],
  ["129 letters", { clientId: "a".repeat(129) }, IDENTIFIER_REJECTED],
  ["冷库一号", { clientId: "冷库一号" }, ACCEPTED],
  ["spaces and signs", { clientId: "Truck 7 / left + # $" }, ACCEPTED],
  ["a line break", { clientId: "a\nb" }, IDENTIFIER_REJECTED],
  ["a zero byte", { clientId: "a\0b" }, IDENTIFIER_REJECTED],
  ["nothing, for a clean session", { clientId: "", clean: true }, ACCEPTED],
  ["a name that every object knows", { clientId: "__proto__" }, ACCEPTED],
])("a client id of %s is answered as it should be", async (_, fields, returnCode) => {
  expect(await returnCodeOf({ ...own, ...fields })).toBe(returnCode);
});

it("refuses an empty client id for a lasting session (MQTT 3.1.1 §3.1.3.1)", async () => {
  const packet = generate(connectPacket({ ...own, clientId: "" }));
  // The connect flags, behind the fixed header, the protocol's name and level; the library makes no such packet.
  packet[9] = (packet[9] ?? 0) & ~0x02;
  const client = await connectRaw(running.addresses.plain);
  client.send(packet);
  expect((await client.next("connack")).returnCode).toBe(IDENTIFIER_REJECTED);
  await client.ended();
});

it("answers MQTT 5 with: unacceptable protocol version", async () => {
  const client = await connectRaw(running.addresses.plain);
  client.send(connectPacket({ ...own, protocolVersion: 5 }));
  expect((await client.next("connack")).returnCode).toBe(1);
  await client.ended();
});

it("does not let another device end a session by its client id", async () => {
  const victim = await connectRaw(running.addresses.plain);
  victim.send(connectPacket({ ...own, clientId: "same" }));
  await victim.next("connack");
  for (const [username, token] of [
    ["acme/probe-2", "another token"],
    ["rival/probe-1", "the rival's token"],
    ["acme/probe-1", "guess"],
  ] as const)
    await returnCodeOf({ username, password: Buffer.from(token), clientId: "same" });
  victim.send({ cmd: "pingreq" });
  await victim.next("pingresp");
  victim.socket.destroy();
});

it("ends the older of two connections of one device with one client id (MQTT 3.1.1 §3.1.4)", async () => {
  const older = await connectRaw(running.addresses.plain);
  older.send(connectPacket({ ...own, clientId: "twin" }));
  await older.next("connack");
  const younger = await connectRaw(running.addresses.plain);
  younger.send(connectPacket({ ...own, clientId: "twin" }));
  await younger.next("connack");
  await older.ended();
  younger.send({ cmd: "pingreq" });
  await younger.next("pingresp");
  younger.socket.destroy();
});

it("says that it keeps no session, also to who asks for one", async () => {
  for (let time = 0; time < 2; time++) {
    const client = await connectRaw(running.addresses.plain);
    client.send(connectPacket({ ...own, clientId: "lasting", clean: false }));
    const { returnCode, sessionPresent } = await client.next("connack");
    expect({ returnCode, sessionPresent }).toEqual({ returnCode: 0, sessionPresent: false });
    const topic = "unbroken/v1/acme/probe-1/down";
    client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 1 }] });
    expect((await client.next("suback")).granted).toEqual([1]);
    client.send({ cmd: "disconnect" });
    await client.ended();
  }
});

it("counts refusals by their reason", async () => {
  expect(await running.metric("unbroken_gateway_refused_total", "UB_AUTH_FAILED")).toBeGreaterThan(
    20,
  );
  expect(await running.metric("unbroken_gateway_refused_total", "UB_AUTH_REQUIRED")).toBe(3);
});

async function returnCodeOf(fields: Partial<IConnectPacket>): Promise<number | undefined> {
  const client = await connectRaw(running.addresses.plain);
  client.send(connectPacket(fields));
  const { returnCode } = await client.next("connack");
  // A refusal ends the connection; an accepted one is left.
  if (returnCode !== ACCEPTED) await client.ended();
  client.socket.destroy();
  return returnCode;
}
