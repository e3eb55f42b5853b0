import type { OutputReader } from "@unbroken/event-log";
import { causeKey, keyOf, type Alert, type Excursion, type Registry } from "@unbroken/model";
import type { Logger, Metrics } from "@unbroken/observability";
import { absorb, isAnotherAlert } from "./alert/absorb.ts";
import { excursionMember, type AlertNews } from "./alert/alert-news.ts";
import type { AlertPolicy } from "./alert/alert-policy.ts";
import { decide, isAboutThePast } from "./alert/decide.ts";
import { isInService } from "./address-book.ts";
import { makeParcels } from "./make-parcels.ts";
import type { NotifyKey } from "./notify-key.ts";
import type { NotifyStore } from "./notify-store.ts";

interface DeskDeps {
  readonly store: NotifyStore;
  readonly registry: Registry;
  readonly outputs: OutputReader;
  readonly partitions: number;
  readonly policy: AlertPolicy;
  readonly key: NotifyKey;
  readonly publicUrl: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Takes news into alerts and, when asked, puts what is to be said into the outbox. Sends nothing itself. */
export class AlertDesk {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  async take(news: AlertNews, now: number): Promise<void> {
    const { store, policy } = this.#deps;
    if (news.what.kind === "acknowledged") {
      const { alert } = news.what;
      const { organisation } = news;
      await store.changeAlert(
        { organisation, alert },
        (found) => absorb(found, news, now) ?? found,
      );
      return;
    }
    if (news.trouble === null) {
      for (const alert of [...store.alerts.values()])
        if (alert.organisation === news.organisation && alert.space === news.space)
          this.#put(alert, absorb(alert, news, now));
      return;
    }
    const key = causeKey({ ...news, trouble: news.trouble });
    const before = store.alerts.get(key) ?? null;
    // After a long pause several episodes come at once: the one before is over before the next begins.
    if (
      before !== null &&
      news.what.kind === "member" &&
      isAnotherAlert(before, news.what.member, policy.quietMs)
    )
      this.#settle(before, now);
    const alert = store.alerts.get(key) ?? null;
    this.#put(alert, absorb(alert, news, now));
  }

  /** Says what there is to say about every alert that is not over. @returns how many messages were made */
  async settle(now: number): Promise<number> {
    const { store } = this.#deps;
    let made = 0;
    for (const alert of [...store.alerts.values()]) {
      if (alert.phase === "ended") continue;
      const latest = this.#isWorthALook(alert, now) ? await this.#grown(alert, now) : alert;
      made += this.#settle(latest, now);
    }
    this.#count();
    return made;
  }

  #settle(alert: Alert, now: number): number {
    const { registry, policy, metrics, logger } = this.#deps;
    const decision = decide(alert, now, policy, isInService(registry, alert, now));
    this.#put(alert, decision.alert);
    if (decision.message === null) return 0;
    const { made, superseded } = makeParcels(this.#deps, decision.alert, decision.message, now);
    metrics.count("unbroken_notifier_messages_total", 1, {
      kind: decision.message,
      urgency: decision.alert.messages.at(-1)?.urgency ?? decision.alert.urgency,
    });
    if (made.length === 0 && decision.alert.urgency === "high" && !isAboutThePast(decision.message))
      logger.warn(
        { alert: decision.alert.id },
        "an urgent alert has no recipient: nobody was told",
      );
    for (const { channel } of superseded)
      metrics.count("unbroken_notifier_deliveries_total", 1, { channel, outcome: "superseded" });
    return made.length;
  }

  #put(before: Alert | null, after: Alert | null): void {
    if (after !== null && after !== before) this.#deps.store.putAlert(after);
  }

  /** Only what is about to be told, or waits for a backlog to end, need be looked up again. */
  #isWorthALook(alert: Alert, now: number): boolean {
    return alert.sent === 0 || decide(alert, now, this.#deps.policy, true).message !== null;
  }

  /** An excursion that lasts grows without a judgement: its peak of now stands in the processor's state. */
  async #grown(alert: Alert, now: number): Promise<Alert> {
    const { organisation, space, trouble } = alert;
    let grown = alert;
    for (const { id, state, rule, side, since } of alert.members) {
      if (state !== "lasting" || rule === null || !id.startsWith("excursion:")) continue;
      const found = await this.#excursion(keyOf(organisation, space), since, rule, side ?? "high");
      if (found === null) continue;
      const what = { kind: "member", member: excursionMember(found) } as const;
      const news: AlertNews = { organisation, space, trouble, judgedAt: now, what };
      grown = absorb(grown, news, now) ?? grown;
    }
    // Stored with the next message; until then it can be looked up again.
    return grown;
  }

  async #excursion(
    spaceKey: string,
    since: number,
    rule: string,
    side: string,
  ): Promise<Excursion | null> {
    const key = `excursion/${spaceKey}/${String(since).padStart(16, "0")}/${rule}/${side}`;
    for (let partition = 0; partition < this.#deps.partitions; partition++) {
      const row = await this.#deps.outputs.getState(partition, key);
      if (row !== null) return JSON.parse(Buffer.from(row).toString()) as Excursion;
    }
    return null;
  }

  #count(): void {
    const { store, metrics } = this.#deps;
    const open = { low: 0, high: 0 };
    for (const { phase, urgency } of store.alerts.values()) if (phase !== "ended") open[urgency]++;
    metrics.set("unbroken_notifier_alerts_open", open.low, { urgency: "low" });
    metrics.set("unbroken_notifier_alerts_open", open.high, { urgency: "high" });
    metrics.set("unbroken_notifier_deliveries_waiting", store.parcels.size);
  }
}
