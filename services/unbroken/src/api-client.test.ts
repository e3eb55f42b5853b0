import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiClient } from "./api-client.ts";

let answer: unknown = {};
let server: Server;
let url = "";

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(400, { "content-type": "application/problem+json" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const message = async (problem: unknown): Promise<string> => {
  answer = problem;
  return apiClient(url, "t")
    .request("GET", "devices")
    .then(
      () => "no error",
      (error: unknown) => (error as Error).message,
    );
};

describe("a refusal of the server", () => {
  it("says each field once, also where the detail names the first of them", async () => {
    const device = { pointer: "/path/device", detail: "device: 1 to 64 of A–Z" };
    const space = { pointer: "/space", detail: "space: 1 to 64 of A–Z" };
    const detail = `${device.pointer}: ${device.detail}`;
    expect(await message({ code: "UB_REQUEST_INVALID", detail, errors: [device] })).toBe(detail);
    expect(await message({ code: "UB_REQUEST_INVALID", detail, errors: [device, space] })).toBe(
      `${detail}; /space: space: 1 to 64 of A–Z`,
    );
  });

  it("says every problem of a profile behind what is the matter", async () => {
    const errors = [{ pointer: "/profile/rules/0/hold", detail: "hold: more than 0" }];
    const detail = "the profile does not follow the rule language";
    expect(await message({ code: "UB_PROFILE_INVALID", detail, errors })).toBe(
      `${detail}; /profile/rules/0/hold: hold: more than 0`,
    );
  });
});
