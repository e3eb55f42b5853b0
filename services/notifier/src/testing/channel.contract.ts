import type { RecipientChannel } from "@unbroken/model";
import { EpochMs } from "@unbroken/units";
import { describe, expect, it } from "vitest";
import { parcelOf } from "./parcels.ts";
import type { Channel } from "../channel/channel.ts";

/** A channel with a real receiver at its other end. */
export interface ChannelUnderTest<K extends RecipientChannel["kind"]> {
  readonly channel: Channel<K>;
  readonly target: Extract<RecipientChannel, { readonly kind: K }>;
  /** Ids of the parcels that the receiver took, as it saw them. */
  taken(): readonly string[];
  /** Makes the receiver answer so from now on. */
  answer(how: "takes" | "refuses for now" | "refuses for good" | "is gone"): Promise<void>;
  close(): Promise<void>;
}

/** Every way to reach people keeps this: what was taken resolves, what was not says whether to try again. */
export function channelContract<K extends RecipientChannel["kind"]>(
  name: string,
  open: () => Promise<ChannelUnderTest<K>>,
): void {
  const within = async (work: (under: ChannelUnderTest<K>) => Promise<void>): Promise<void> => {
    const under = await open();
    try {
      await work(under);
    } finally {
      await under.close();
    }
  };
  const send = ({ channel, target }: ChannelUnderTest<K>, id = "msg_1"): Promise<void> =>
    channel.deliver(parcelOf({ id }), target, EpochMs(1_777_939_800_000));

  describe(`${name} keeps the contract of a channel`, () => {
    it("resolves when the receiver has taken the parcel", () =>
      within(async (under) => {
        await send(under);
        expect(under.taken()).toEqual(["msg_1"]);
      }));

    it("shows the receiver the same id at each attempt, and another for another parcel", () =>
      within(async (under) => {
        await send(under);
        await send(under);
        await send(under, "msg_2");
        expect(under.taken()).toEqual(["msg_1", "msg_1", "msg_2"]);
      }));

    it.each([
      ["refuses for now", "later"],
      ["refuses for good", "never"],
      ["is gone", "later"],
    ] as const)("a receiver that %s: tried again %s", (how, retry) =>
      within(async (under) => {
        await under.answer(how);
        await expect(send(under)).rejects.toMatchObject({
          code: expect.stringMatching(/^UB_NOTIFY_/) as string,
          retry,
        });
        expect(under.taken()).toEqual([]);
      }),
    );

    it("works again once the receiver does, and lets go more than once", () =>
      within(async (under) => {
        await under.answer("refuses for now");
        await send(under).catch(() => undefined);
        await under.answer("takes");
        await send(under);
        expect(under.taken()).toEqual(["msg_1"]);
        under.channel.close();
        under.channel.close();
      }));
  });
}
