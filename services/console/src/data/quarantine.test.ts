import { describe, expect, it } from "vitest";
import { payloadText } from "./quarantine.ts";

describe("a quarantined payload", () => {
  it.each([
    ["JSON", Buffer.from('{"t":"温"}'), "text", '{"t":"温"}'],
    ["nothing", Buffer.from(""), "text", ""],
    ["broken UTF-8", Buffer.from([0xff, 0xfe, 0x41]), "hex", "ff fe 41"],
    ["a NUL", Buffer.from([0x41, 0]), "hex", "41 00"],
    ["line breaks", Buffer.from("a\r\n\tb"), "text", "a\r\n\tb"],
  ])("of %s is shown in a form a person can read", (_what, bytes, kind, text) => {
    expect(payloadText(bytes.toString("base64"))).toEqual({ kind, text });
  });
});
