import { Aedes, type AedesOptions, type Client, type PublishPacket } from "aedes";

type Done = (error?: Error) => void;

/**
 * aedes as the protocol's front only. What devices publish goes to the log and to nobody else, and the broker's own
 * `$SYS` announcements serve clusters of brokers, which we do not form: neither passes through persistence and
 * fan-out, so that no subscriber can slow a publisher down. What is to go down to a device will go through
 * `super.publish`, for its `down` topic alone.
 */
export class IngestBroker extends Aedes {
  constructor(options: AedesOptions) {
    super(options);
    // A broker's error has no listener by default and would end the process.
    this.on("error" as "closed", () => undefined);
  }

  // aedes calls it as (packet, client, done) and (packet, done); its types know the second form alone.
  override publish(_packet: PublishPacket, clientOrDone: Client | null | Done, done?: Done): void {
    const whenDone = typeof clientOrDone === "function" ? clientOrDone : done;
    whenDone?.();
  }
}
