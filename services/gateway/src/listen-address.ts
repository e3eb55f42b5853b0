import { isIP, isIPv6, type AddressInfo } from "node:net";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads HOST:PORT or [IPV6]:PORT. @throws RangeError if the text is neither; settings are checked before. */
export function parseListenAddress(text: string): ListenAddress {
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`not HOST:PORT: ${text}`);
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port };
}

export function formatListenAddress({ address, port }: AddressInfo): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether only this machine can reach the host: 127.0.0.0/8, ::1 or the name localhost (RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === "localhost";
  return isIPv6(host) ? host === "::1" : host.startsWith("127.");
}

/**
 * What counts as one address for limits: an IPv4 address, or the /64 of an IPv6 address, which is what one
 * subscriber is given (RFC 6177 §2) and can roam in at will.
 */
export function addressGroupOf(remote: string | undefined): string {
  if (remote === undefined) return "unknown";
  const plain = remote.startsWith("::ffff:") ? remote.slice(7) : remote;
  if (!isIPv6(plain)) return plain;
  const [head = "", tail = ""] = plain.split("%", 1).join("").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = plain.includes("::") ? Math.max(0, 8 - left.length - right.length) : 0;
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
