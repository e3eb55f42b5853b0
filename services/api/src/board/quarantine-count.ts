import { DAY, HOUR } from "@unbroken/units";

/** How many records were quarantined in the last 24 hours, by organisation, to the hour. */
export class QuarantineCount {
  readonly #hours = new Map<string, Map<number, number>>();

  add(organisation: string, receivedAt: number): void {
    const hours = this.#hours.get(organisation) ?? new Map<number, number>();
    this.#hours.set(organisation, hours);
    const hour = Math.floor(receivedAt / HOUR);
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }

  /** Of all organisations if none is named. */
  count(organisation: string | null, now: number): number {
    const first = Math.floor((now - DAY) / HOUR);
    let sum = 0;
    for (const [name, hours] of this.#hours) {
      for (const [hour, count] of hours) {
        if (hour < first) hours.delete(hour);
        else if (organisation === null || organisation === name) sum += count;
      }
    }
    return sum;
  }
}
