import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notifyKey } from "./notify-key.ts";

const key = notifyKey(Buffer.alloc(32, 1));
const link = {
  organisation: "acme",
  space: "cold",
  alert: "cold.warm.1777939800000",
  recipient: "night-shift",
  expiresAt: 1_000,
};

describe("a link to acknowledge", () => {
  it("permits what it was made for until it expires", () => {
    const token = key.signLink(link);
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
    expect(key.readLink(token, 999)).toEqual(link);
    expect(key.readLink(token, 1_000)).toBeNull();
  });

  it("of another installation permits nothing", () => {
    expect(key.readLink(notifyKey(Buffer.alloc(32, 2)).signLink(link), 0)).toBeNull();
  });

  it("that was changed in any character permits nothing", () => {
    const token = key.signLink(link);
    for (let i = 0; i < token.length - 1; i++) {
      const changed = token.slice(0, i) + (token[i] === "A" ? "B" : "A") + token.slice(i + 1);
      expect(key.readLink(changed, 0)).toBeNull();
    }
  });

  it("that somebody made up permits nothing, and breaks nothing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(key.readLink(a, 0)).toBeNull();
        expect(key.readLink(`${a}.${b}`, 0)).toBeNull();
      }),
    );
  });
});

describe("a webhook's secret", () => {
  it("is one that Standard Webhooks takes, and the same each time", () => {
    const secret = key.webhookSecret("acme", "night-shift", 1);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(key.webhookSecret("acme", "night-shift", 1)).toBe(secret);
  });

  it("is another for each organisation, recipient, version and installation", () => {
    const secrets = [
      key.webhookSecret("acme", "night-shift", 1),
      key.webhookSecret("acme", "night-shift", 2),
      key.webhookSecret("acme", "night", 1),
      key.webhookSecret("other", "night-shift", 1),
      notifyKey(Buffer.alloc(32, 2)).webhookSecret("acme", "night-shift", 1),
    ];
    expect(new Set(secrets).size).toBe(5);
  });
});
