import {
  canonicalJson,
  keyOf,
  type DeclareRecipient,
  type RecipientChannel,
  type RecipientEntry,
  type Statement,
} from "@unbroken/model";
import type { EpochMs } from "@unbroken/units";
import type { z } from "zod";
import type { FactBook } from "../fact-book.ts";
import { RequestRefused } from "../http/problem.ts";

/** What may be declared of a recipient's address; see `NotifyRules`. */
type RefuseChannel = (channel: RecipientChannel) => void;

/** What people state about alerts and who is told of them. */
export class AlertCommands {
  readonly #book: FactBook;
  readonly #now: () => EpochMs;
  readonly #refuseChannel: RefuseChannel;

  constructor(book: FactBook, now: () => EpochMs, refuseChannel: RefuseChannel) {
    this.#book = book;
    this.#now = now;
    this.#refuseChannel = refuseChannel;
  }

  acknowledge(
    organisation: string,
    { id, space }: { readonly id: string; readonly space: string },
    note: string | undefined,
    by: string,
  ): Promise<readonly string[]> {
    const noted = note === undefined ? {} : { note };
    const statement: Statement = { kind: "alert-acknowledged", alert: id, space, ...noted };
    return this.#book.exclusive(() =>
      this.#book.state([{ organisation, effectiveFrom: this.#now(), statement }], by),
    );
  }

  /**
   * @returns the ids of the facts, and whether this made a signing secret that was not there before
   * @throws UB_NOTIFY_ADDRESS_REFUSED, UB_NOTIFY_NO_MAIL, UB_REQUEST_INVALID for a place that is not declared
   */
  declareRecipient(
    organisation: string,
    recipient: string,
    stated: z.output<typeof DeclareRecipient>,
    by: string,
  ): Promise<{ readonly facts: readonly string[]; readonly isNewSecret: boolean }> {
    return this.#book.exclusive(async () => {
      const known = this.#book.registry.recipients.get(keyOf(organisation, recipient));
      const channel = channelOf(stated.channel, known?.channel);
      this.#refuseChannel(channel);
      this.#refuseUndeclared(organisation, stated);
      const { sites, vehicles, spaces } = stated;
      const statement: Statement = {
        kind: "recipient-declared",
        recipient,
        channel,
        language: stated.language,
        minUrgency: stated.min_urgency,
        ...(sites === undefined ? {} : { sites }),
        ...(vehicles === undefined ? {} : { vehicles }),
        ...(spaces === undefined ? {} : { spaces }),
        active: stated.active,
      };
      if (known !== undefined && isSame(known, statement)) return { facts: [], isNewSecret: false };
      const fact = { organisation, effectiveFrom: this.#now(), statement };
      return {
        facts: await this.#book.state([fact], by),
        isNewSecret: channel.kind === "webhook" && secretOf(known?.channel) !== channel.secret,
      };
    });
  }

  #refuseUndeclared(
    organisation: string,
    { sites, vehicles, spaces }: z.output<typeof DeclareRecipient>,
  ): void {
    const { registry } = this.#book;
    const lists = [
      ["sites", sites, registry.sites],
      ["vehicles", vehicles, registry.vehicles],
      ["spaces", spaces, registry.spaces],
    ] as const;
    for (const [field, names, declared] of lists)
      for (const [i, name] of (names ?? []).entries()) {
        if (declared.has(keyOf(organisation, name))) continue;
        const pointer = `/${field}/${i}`;
        const detail = `${name} is not declared`;
        throw new RequestRefused("UB_REQUEST_INVALID", `${pointer}: ${detail}`, [
          { pointer, detail },
        ]);
      }
  }
}

function channelOf(
  stated: z.output<typeof DeclareRecipient>["channel"],
  known: RecipientChannel | undefined,
): RecipientChannel {
  if (stated.kind === "email") return stated;
  const before = secretOf(known);
  return {
    kind: "webhook",
    url: stated.url,
    secret: before === null ? 1 : before + (stated.rotate_secret ? 1 : 0),
  };
}

function secretOf(channel: RecipientChannel | undefined): number | null {
  return channel?.kind === "webhook" ? channel.secret : null;
}

function isSame(
  known: RecipientEntry,
  stated: Extract<Statement, { kind: "recipient-declared" }>,
): boolean {
  const shapeOf = (of: RecipientEntry | typeof stated): string =>
    canonicalJson({
      channel: of.channel,
      language: of.language,
      minUrgency: of.minUrgency,
      sites: of.sites ?? null,
      vehicles: of.vehicles ?? null,
      spaces: of.spaces ?? null,
      active: of.active,
    });
  return shapeOf(known) === shapeOf(stated);
}
