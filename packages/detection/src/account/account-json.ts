import type { StretchAccount } from "./stretch-account.ts";

type Sum = "aboveMilliMs" | "belowMilliMs" | "valueMilliMs" | "agedMs";

/** An account as plain JSON: sums that a double might not hold are decimal text. */
export type StretchAccountJson = Omit<StretchAccount, Sum | "activation"> &
  Readonly<Record<Sum, string>> & { readonly activation: string | null };

export function encodeAccount(account: StretchAccount): StretchAccountJson {
  return {
    ...account,
    aboveMilliMs: String(account.aboveMilliMs),
    belowMilliMs: String(account.belowMilliMs),
    valueMilliMs: String(account.valueMilliMs),
    agedMs: String(account.agedMs),
    activation: account.activation === null ? null : String(account.activation),
  };
}

/**
 * The account that was encoded.
 * @throws SyntaxError if a sum is not a whole number.
 */
export function decodeAccount(json: StretchAccountJson): StretchAccount {
  return {
    ...json,
    aboveMilliMs: BigInt(json.aboveMilliMs),
    belowMilliMs: BigInt(json.belowMilliMs),
    valueMilliMs: BigInt(json.valueMilliMs),
    agedMs: BigInt(json.agedMs),
    activation: json.activation === null ? null : BigInt(json.activation),
  };
}
