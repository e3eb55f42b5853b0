import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./address-rules.ts";
import { refuseAddress } from "./outgoing-request.ts";

describe("an address that is not of the public Internet", () => {
  it.each([
    ["0.0.0.0", "this host"],
    ["10.1.2.3", "private"],
    ["100.100.100.200", "shared, and the metadata service of a cloud"],
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["169.254.169.254", "link-local, and the metadata service of most clouds"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.192", "protocol assignments, and the metadata service of a cloud"],
    ["192.0.2.1", "documentation"],
    ["192.168.1.1", "private"],
    ["198.18.0.1", "benchmarking"],
    ["203.0.113.9", "documentation"],
    ["224.0.0.1", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "IPv4-mapped loopback"],
    ["::ffff:7f00:1", "the same in hexadecimal"],
    ["::ffff:8.8.8.8", "IPv4-mapped: no host has such an address"],
    ["::127.0.0.1", "IPv4-compatible"],
    ["64:ff9b::7f00:1", "NAT64 of loopback"],
    ["64:ff9b:1::1", "local NAT64"],
    ["100::1", "discard"],
    ["2001::1", "Teredo"],
    ["2001:db8::1", "documentation"],
    ["2002:7f00:1::", "6to4 of loopback"],
    ["fc00::1", "unique local"],
    ["fd00:ec2::254", "unique local, and the metadata service of a cloud"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "with an interface of this machine"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["", "nothing"],
    ["1.2.3", "no address"],
    ["0x7f.0.0.1", "no address in this form"],
  ])("%s is refused: %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("an address of the public Internet", () => {
  it.each(["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1"])(
    "%s may be reached",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
  it.each(["2606:4700:4700::1111", "2400:3200::1", "2a00:1450::1"])("%s may be reached", (a) => {
    expect(isPublicAddress(a)).toBe(true);
  });
});

describe("a webhook's address", () => {
  const rules = { plainHttp: false, privateHosts: new Set<string>() };
  it.each([
    ["http://example.com/", "is not https"],
    ["https://user:secret@example.com/", "holds a password"],
    ["https://user@example.com/", "holds a name"],
    ["https://127.0.0.1/", "is this machine"],
    ["https://2130706433/", "is this machine, as one number"],
    ["https://0x7f000001/", "is this machine, in hexadecimal"],
    ["https://0177.0.0.1/", "is this machine, in octal"],
    ["https://127.1/", "is this machine, abbreviated"],
    ["https://[::1]/", "is this machine, in IPv6"],
    ["https://[::ffff:127.0.0.1]/", "is this machine, mapped"],
    ["https://localhost/", "is this machine, by name"],
    ["https://LOCALHOST./", "is this machine, by its full name"],
    ["https://app.localhost/", "is this machine, by a name below (RFC 6761 §6.3)"],
    ["https://①②⑦.0.0.1/", "is this machine, in other digits"],
    ["https://169.254.169.254/latest/meta-data/", "is a metadata service"],
  ])("%s is refused: it %s", (url) => {
    expect(() => refuseAddress(new URL(url), rules)).toThrow(
      expect.objectContaining({ code: "UB_NOTIFY_ADDRESS_REFUSED" }),
    );
  });

  it("may be private, or plain, only where the settings name it", () => {
    const named = { plainHttp: true, privateHosts: new Set(["10.0.0.5", "::1", "localhost"]) };
    for (const url of ["http://10.0.0.5:8080/", "https://[::1]/", "http://localhost/"])
      expect(() => refuseAddress(new URL(url), named)).not.toThrow();
    expect(() => refuseAddress(new URL("https://10.0.0.6/"), named)).toThrow();
  });
});
