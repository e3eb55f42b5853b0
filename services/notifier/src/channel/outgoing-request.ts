import { lookup as resolveName } from "node:dns/promises";
import { request as requestPlain, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestTls } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { UnbrokenError } from "@unbroken/errors";
import { isPublicAddress } from "./address-rules.ts";

export interface OutgoingRules {
  readonly timeoutMs: number;
  readonly plainHttp: boolean;
  /** Host names and addresses that may be private, lower case. */
  readonly privateHosts: ReadonlySet<string>;
}

export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Address {
  readonly address: string;
  readonly family: number;
}

export type Resolve = (host: string) => Promise<readonly Address[]>;

/** Answers are read so that the connection ends well, and thrown away: what they say is nobody's business here. */
const ANSWER_BYTES_MAX = 65_536;
const HEADER_BYTES_MAX = 16_384;

/**
 * One request to an address that somebody else chose. The name is resolved once, each of its addresses is checked, and
 * the connection goes to a checked one: a name that changes its mind in between changes nothing. Redirects are not
 * followed. @returns the status.
 * @throws UB_NOTIFY_ADDRESS_REFUSED, UB_NOTIFY_UNREACHABLE
 */
export async function sendOutgoing(
  url: URL,
  request: OutgoingRequest,
  rules: OutgoingRules,
  resolve: Resolve = resolveAll,
): Promise<number> {
  refuseAddress(url, rules);
  const signal = AbortSignal.timeout(rules.timeoutMs);
  try {
    const address = await checkedAddress(url, rules, withDeadline(resolve, signal));
    return await exchange(url, address, request, signal);
  } catch (error) {
    if (error instanceof UnbrokenError) throw error;
    throw unreachable(url, signal.aborted ? `no answer in ${rules.timeoutMs} ms` : reasonOf(error));
  }
}

/**
 * What can be said of an address without asking the network. @throws UB_NOTIFY_ADDRESS_REFUSED
 */
export function refuseAddress(
  url: URL,
  { plainHttp, privateHosts }: Pick<OutgoingRules, "plainHttp" | "privateHosts">,
): void {
  const refuse = (why: string): never => {
    throw new UnbrokenError("UB_NOTIFY_ADDRESS_REFUSED", `${url.host}: ${why}`, { host: url.host });
  };
  if (url.protocol !== "https:" && !(url.protocol === "http:" && plainHttp))
    refuse("only https; notify.plainHttp permits http");
  if (url.username !== "" || url.password !== "")
    refuse("an address with a password in it ends up in logs; the signature is the proof");
  const host = hostOf(url);
  if (privateHosts.has(host)) return;
  if (isIP(host) !== 0 && !isPublicAddress(host))
    refuse("not an address of the public Internet; notify.privateHosts names exceptions");
  if (host === "localhost" || host.endsWith(".localhost"))
    refuse("this machine; notify.privateHosts names exceptions");
}

async function checkedAddress(
  url: URL,
  { privateHosts }: OutgoingRules,
  resolve: Resolve,
): Promise<Address> {
  const host = hostOf(url);
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  const first = found[0];
  if (first === undefined) throw unreachable(url, "the name has no address");
  // One private address among public ones is how a name is made to lead inside now and then.
  const bad = found.find(({ address }) => !privateHosts.has(host) && !isPublicAddress(address));
  if (bad === undefined) return first;
  throw new UnbrokenError(
    "UB_NOTIFY_ADDRESS_REFUSED",
    `${host} leads to ${bad.address}, which is not an address of the public Internet`,
    { host },
  );
}

function exchange(
  url: URL,
  { address, family }: Address,
  { method, headers, body }: OutgoingRequest,
  signal: AbortSignal,
): Promise<number> {
  // Whatever name is asked for, the answer is the address that was checked.
  const pinned: LookupFunction = (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
  return new Promise((resolve, reject) => {
    const start = url.protocol === "https:" ? requestTls : requestPlain;
    const request: ClientRequest = start(
      url,
      { method, headers, agent: false, lookup: pinned, signal, maxHeaderSize: HEADER_BYTES_MAX },
      (response) => {
        drained(response).then(() => resolve(response.statusCode ?? 0), reject);
      },
    );
    request.once("error", reject);
    request.end(body ?? undefined);
  });
}

async function drained(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    // The status has been said; the rest need not be listened to.
    if (bytes > ANSWER_BYTES_MAX) break;
  }
}

function withDeadline(resolve: Resolve, signal: AbortSignal): Resolve {
  return (host) =>
    Promise.race([
      resolve(host),
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("time-out")), { once: true });
      }),
    ]);
}

function resolveAll(host: string): Promise<readonly Address[]> {
  return resolveName(host, { all: true });
}

/** As URL has it (lower case, IPv4 in dotted decimal), without the brackets of IPv6 and the final dot of a name. */
function hostOf({ hostname }: URL): string {
  return hostname.replaceAll(/^\[|\]$/g, "").replace(/\.$/, "");
}

function unreachable(url: URL, why: string): UnbrokenError {
  return new UnbrokenError("UB_NOTIFY_UNREACHABLE", `${url.host}: ${why}`, { host: url.host });
}

/** The code alone (ECONNREFUSED, CERT_HAS_EXPIRED): texts of errors can hold what the other side said. */
function reasonOf(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" ? code : "the connection failed";
}
