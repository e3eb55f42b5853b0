/** What goes on in any room on any day and is nobody's concern. */
export interface Ordinary {
  readonly kind: "defrost" | "people";
  readonly from: number;
  /** Null while it lasts. */
  to: number | null;
}

/** What truly happened in a space, as nobody in it can know; epoch ms. */
export class SpaceLife {
  readonly ordinary: Ordinary[] = [];
  private readonly coreC: readonly [number, number] | null;
  private readonly outs: { readonly from: number; to: number | null }[] = [];
  private readonly lasting = new Map<Ordinary["kind"], Ordinary>();

  /** @param coreC the range of the product's core; null if none is stated. */
  constructor(coreC: readonly [number, number] | null) {
    this.coreC = coreC;
  }

  noteCore(at: number, productC: number): void {
    if (this.coreC === null) return;
    const isOut = productC < this.coreC[0] || productC > this.coreC[1];
    const last = this.outs.at(-1);
    const wasOut = last?.to === null;
    if (isOut && !wasOut) this.outs.push({ from: at, to: null });
    if (!isOut && wasOut) last.to = at;
  }

  note(kind: Ordinary["kind"], at: number, isOn: boolean): void {
    const lasting = this.lasting.get(kind);
    if (isOn && lasting === undefined) {
      const begun: Ordinary = { kind, from: at, to: null };
      this.ordinary.push(begun);
      this.lasting.set(kind, begun);
    }
    if (!isOn && lasting !== undefined) {
      lasting.to = at;
      this.lasting.delete(kind);
    }
  }

  /** When the core was out for the first time in `[from, until)`, and when it was back; null if it never was. */
  coreOut(
    from: number,
    until: number,
  ): { readonly from: number; readonly to: number | null } | null {
    const out = this.outs.find((each) => each.from < until && (each.to === null || each.to > from));
    return out === undefined ? null : { from: Math.max(from, out.from), to: out.to };
  }
}
