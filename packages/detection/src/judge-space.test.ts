import type { Judgement } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import {
  initialSpaceState,
  judgeSpace,
  noFacts,
  openExcursions,
  touchesStay,
  type SpaceState,
  type Stay,
} from "./index.ts";
import { DrivenSpace } from "./testing/driven-space.ts";
import { columnsOf, minute, profileWith, readingsOf } from "./testing/minutes.ts";

/** O opened, C closed, A amended, R retracted, G gap opened, H heard again. */
const LETTERS: Readonly<Record<Judgement["kind"], string>> = {
  "excursion-opened": "O",
  "excursion-closed": "C",
  "excursion-amended": "A",
  "excursion-retracted": "R",
  "gap-opened": "G",
  "gap-closed": "H",
  "timeline-changed": "",
  "fault-opened": "?",
  "fault-closed": "?",
  "clock-doubt-opened": "?",
  "clock-doubt-closed": "?",
  "reading-conflict": "?",
};

const lettersOf = (said: readonly Judgement[]): string =>
  said.map(({ kind }) => LETTERS[kind]).join("");

const hot = { id: "hot", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT3M" } as const;
const cold = { id: "cold", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT3M" } as const;
const spike = { id: "spike", cmp: "ge", limit: 20, mode: "instant" } as const;

function room(...stays: readonly Stay[]): DrivenSpace {
  const assignments = [{ profile: profileWith([hot, cold, spike]), from: minute(-9), to: null }];
  return new DrivenSpace(assignments, stays.length > 0 ? stays : [always("a"), always("b")]);
}

function always(sensor: string): Stay {
  return { sensor, from: minute(-9), to: null };
}

/**
 * Plays a table, one column a minute: `a` and `b` are what two sensors measure, each reading delivered at once, and
 * each column is a tick. `said` is what is said in that minute. `late` is measured by a as well but delivered at the
 * end, in one batch; `then` is what is said of it. `is` is the timeline in the end: `-` in range, `^` high, `_` low,
 * `?` unproven, one character a minute.
 */
function play(table: string): {
  readonly space: DrivenSpace;
  readonly rows: Record<string, string>;
} {
  const rows: Record<string, string> = {};
  for (const line of table.trim().split("\n")) {
    const [name = "", row = ""] = line.split("|");
    rows[name.trim()] = row;
  }
  const space = room();
  const readings = ["a", "b"].flatMap((sensor) => readingsOf(sensor, rows[sensor] ?? "."));
  const columns = columnsOf(rows["a"] ?? "");
  const said = columns.map((_, column) => {
    const at = minute(column);
    return lettersOf(
      space.feed(
        readings.filter((reading) => reading.at === at),
        at,
      ),
    );
  });
  expect(said.map((letters) => (letters === "" ? "." : letters))).toEqual(
    columnsOf(rows["said"] ?? ""),
  );
  const end = minute(columns.length - 1);
  if (rows["late"] !== undefined)
    expect(lettersOf(space.feed(readingsOf("a", rows["late"]), end))).toBe(rows["then"]?.trim());
  if (rows["is"] !== undefined)
    expect(columns.map((_, column) => classAt(space, column)).join("")).toBe(
      columnsOf(rows["is"]).join(""),
    );
  return { space, rows };
}

function classAt(space: DrivenSpace, column: number): string {
  const at = minute(column);
  const found = space.timeline.find(({ from, to }) => from <= at && (to === null || to > at));
  return found === undefined
    ? "."
    : { in: "-", high: "^", low: "_", unproven: "?", off: "x" }[found.class];
}

describe("an excursion is said as soon as it is proven", () => {
  it.each([
    [
      "as long as the allowance, counted from its first reading",
      `a    |  5  5  9  9  9  9  9  5
       said |  .  .  .  .  .  O  .  C
       is   |  -  -  ^  ^  ^  ^  ^  -`,
    ],
    [
      "a minute less is none",
      `a    |  5  5  9  9  5  5
       said |  .  .  .  .  .  .`,
    ],
    [
      "exactly the allowance is known when it is over",
      `a    |  5  5  9  9  9  5  5
       said |  .  .  .  .  .  O  .`,
    ],
    [
      "on the limit is in range",
      `a    |  8  8  8  8  8  2  2  2  2  2
       said |  .  .  .  .  .  .  .  .  .  .`,
    ],
    [
      "cold straight to hot, never in range between: both sides are judged",
      `a    |  5  1  1  1  1  9  9  9  9  5
       said |  .  .  .  .  O  C  .  .  O  C
       is   |  -  _  _  _  _  ^  ^  ^  ^  -`,
    ],
    [
      "a moment is enough for an instant rule, and a longer rule goes on beside it",
      `a    |  5 20  9  9 20  5
       said |  .  O  C  . OO CC`,
    ],
    [
      "of two sensors the one that is out counts, and one run may pass from one to the other",
      `a    |  5  9  9  9  5  5  5
       b    |  5  5  5  9  9  9  5
       said |  .  .  .  .  O  .  C
       is   |  -  ^  ^  ^  ^  ^  -`,
    ],
    [
      "of two values for one instant the worse counts",
      `a    |  5  9  5/9  9  9  5
       said |  .  .  .   .  O  C`,
    ],
  ])("%s", (_, table) => {
    play(table);
  });
});

describe("silence is not exposure", () => {
  it.each([
    [
      "a value holds for the gap, to the minute, and not longer",
      `a    |  9  .  .  9  .  .  .   9  9  9  9
       said |  .  .  .  O  .  .  . CGH  .  .  O
       is   |  ^  ^  ^  ?  ?  ?  ?   ^  ^  ^  ^`,
    ],
    [
      "a gap is said while the sensor is still silent, and ends what was open at the last reading",
      `a    |  9  9  9  9  .  .  .  .  .  5
       said |  .  .  .  O  .  .  . CG  .  H
       is   |  ^  ^  ^  ?  ?  ?  ?  ?  ?  -`,
    ],
    [
      "no clock opens an excursion, for nobody has measured that it lasts",
      `a    |  5  9  9  9  .  .  .  .  .
       said |  .  .  .  .  .  .  .  G  .`,
    ],
    [
      "a fault ends what is proven, and is no gap",
      `a    |  9  9  9  9  f  f  f  f  f
       said |  .  .  .  O  C  .  .  .  .
       is   |  ^  ^  ^  ^  ?  ?  ?  ?  ?`,
    ],
    [
      "a moment out of range before silence breaks an instant rule",
      `a    |  5 20  .  .  .  .  5
       said |  .  O  .  .  . CG  H
       is   |  -  ?  ?  ?  ?  ?  -`,
    ],
    [
      "while one sensor is silent, the other proves only what is out",
      `a    |  5  .  .  .  .  .  .  .  .  5
       b    |  5  5  5  5  9  9  9  9  5  5
       said |  .  .  .  .  G  .  .  O  C  H
       is   |  ?  ?  ?  ?  ^  ^  ^  ^  ?  -`,
    ],
  ])("%s", (_, table) => {
    play(table);
  });
});

describe("late readings amend, and what was said stays on record", () => {
  it("they turn a silence into an excursion", () => {
    const { space } = play(
      `a    |  5  9  .  .  .  .  .  .  9  9  5
       said |  .  .  .  .  .  G  .  .  H  .  .
       late |  .  .  9 11  9  9  9  9  .  .  .
       then |  O
       is   |  -  ^  ^  ^  ^  ^  ^  ^  ^  ^  -`,
    );
    expect([...space.excursions.values()]).toMatchObject([
      {
        since: minute(1),
        until: minute(10),
        ended: "in-range",
        provenMs: 9 * 60_000,
        peak: 11_000,
        peakAt: minute(3),
        peakSensor: "a",
        revision: 1,
      },
    ]);
  });

  it("one that ends a silence in time says that the sensor is heard", () => {
    const { space } = play(
      `a    |  5  .  .  .  .
       said |  .  .  .  .  G
       late |  .  .  5  .  .
       then |  H
       is   |  -  -  -  -  -`,
    );
    expect(space.said).toContainEqual(
      expect.objectContaining({ kind: "gap-closed", from: minute(0), to: minute(2) }),
    );
  });

  it("they join two excursions: the first is amended, the second taken back in its favour", () => {
    const { space } = play(
      `a    |  9  9  9  9  .  .  .  .  .  9  9  9  9  5
       said |  .  .  .  O  .  .  . CG  .  H  .  .  O  C
       late |  .  .  .  .  9  9  9  9  9  .  .  .  .  .
       then |  AR
       is   |  ^  ^  ^  ^  ^  ^  ^  ^  ^  ^  ^  ^  ^  -`,
    );
    const first = `room|hot|high|${minute(0)}`;
    expect(space.said.slice(-3)).toMatchObject([
      {
        kind: "excursion-amended",
        changed: ["until", "ended", "provenMs"],
        excursion: { id: first, until: minute(13), revision: 3 },
      },
      {
        kind: "excursion-retracted",
        excursion: { since: minute(9), retracted: true, revision: 3 },
        replacedBy: [first],
      },
      { kind: "timeline-changed" },
    ]);
  });

  it("they split one: its first part is amended, its second opened", () => {
    play(
      `a    |  9  9  9  .  9  9  9  9  5
       said |  .  .  .  .  O  .  .  .  C
       late |  .  .  .  5  .  .  .  .  .
       then |  AO
       is   |  ^  ^  ^  -  ^  ^  ^  ^  -`,
    );
  });

  it("they take one back whose begin was not so, and name the one in its place", () => {
    const { space } = play(
      `a    |  9  . 20  9  9  9  5
       said |  .  .  O CO  .  .  C
       late |  .  5  .  .  .  .  .
       then |  OR`,
    );
    const there = `room|hot|high|${minute(2)}`;
    expect(space.said).toContainEqual(expect.objectContaining({ replacedBy: [there] }));
    // Once is enough.
    expect(lettersOf(space.feed(readingsOf("a", ". 4"), minute(6)))).toBe("");
  });

  it("a differing value for an instant that was judged counts if it is the worse", () => {
    play(
      `a    |  5  5  5  5  5  5  5
       said |  .  .  .  .  .  .  .
       late |  .  9  9  9  9  .  .
       then |  O`,
    );
    play(
      `a    |  5  9  9  9  9  5
       said |  .  .  .  .  O  C
       late |  .  .  5  .  .  .
       then |`,
    );
  });

  it("one that was taken back and is so again goes on with its numbers", () => {
    const space = room();
    const at = (column: number, text: string) =>
      space.feed(
        readingsOf("a", text).map((r) => ({ ...r, at: minute(column) })),
        minute(0),
      );
    for (const column of [0, 2, 4, 6]) at(column, "9");
    const [excursion] = space.excursions.values();
    at(1, "5");
    at(1, "9");
    expect(excursion).toMatchObject({ since: minute(0), revision: 1 });
    expect(space.excursions.get(excursion?.id ?? "")).toMatchObject({
      retracted: false,
      revision: 3,
    });
  });
});

describe("while an excursion lasts", () => {
  it("its proven time and peak grow without being said, to the latest reading and not to the clock", () => {
    const space = room();
    space.feed(readingsOf("a", "9 9 9 9 12 9"), minute(5));
    expect(space.tick(minute(7))).toEqual([]);
    expect(openExcursions(space.state)).toMatchObject([
      {
        since: minute(0),
        until: null,
        provenMs: 5 * 60_000,
        peak: 12_000,
        peakAt: minute(4),
        revision: 1,
      },
    ]);
    space.tick(minute(9));
    expect(openExcursions(space.state)).toEqual([]);
    expect([...space.excursions.values()]).toMatchObject([
      { until: minute(5), ended: "unproven", provenMs: 5 * 60_000, peak: 12_000, revision: 2 },
    ]);
  });
});

describe("a space is judged by the sensors that are in it, while they are", () => {
  it("a stay clips what a sensor shows, on both sides", () => {
    const space = room({ sensor: "a", from: minute(2), to: minute(6) });
    space.feed(readingsOf("a", "9 9 9 9 9 9 9 9 9"), minute(9));
    expect([...space.excursions.values()]).toMatchObject([
      { since: minute(2), until: minute(6), ended: "unproven", peakAt: minute(2) },
    ]);
    expect(space.timeline).toEqual([
      { from: minute(2), to: minute(6), class: "high" },
      { from: minute(6), to: null, class: "unproven" },
    ]);
  });

  it("a sensor that is heard again elsewhere proves its stay to the end, and nothing by that alone", () => {
    const ends = { sensor: "a", from: minute(0), to: minute(4) };
    const moved = room(ends);
    moved.feed(readingsOf("a", "9 . 9 . . 9"), minute(5));
    expect([...moved.excursions.values()]).toMatchObject([{ until: minute(4), provenMs: 240_000 }]);
    // Never heard in its stay: then the stay shows nothing, not even of others.
    const begins = { sensor: "b", from: minute(4), to: null };
    const unheard = room(ends, begins);
    unheard.feed([...readingsOf("a", ". . . . . 9"), ...readingsOf("b", "5")], minute(9));
    expect(unheard.timeline).toEqual([]);
  });

  it.each([
    ["one gap before it", -3, true],
    ["longer before", -3.001, false],
    ["one gap after it", 13, true],
    ["longer after", 13.001, false],
  ])("a reading %s can matter to it: %d min is %j", (_, column, matters) => {
    const stay = { sensor: "a", from: minute(0), to: minute(10) };
    expect(touchesStay(stay, minute(column), profileWith([hot]).gap)).toBe(matters);
  });

  it("a peak counts from when its sensor came in, and of equal peaks the first by time, then by name", () => {
    const space = room(always("a"), { sensor: "b", from: minute(2), to: null }, always("c"));
    space.feed([...readingsOf("c", "9 . 9"), ...readingsOf("a", "9 9 9")], minute(2));
    expect(openExcursions(space.state)).toEqual([]);
    space.feed(readingsOf("a", ". . . 9 9"), minute(4));
    expect(openExcursions(space.state)).toMatchObject([{ peakAt: minute(0), peakSensor: "a" }]);
    space.feed(readingsOf("b", ". 11 . . 11"), minute(4));
    expect(openExcursions(space.state)).toMatchObject([{ peakAt: minute(2), peakSensor: "b" }]);
  });

  it("another profile ends what was open under the one before", () => {
    const space = new DrivenSpace(
      [
        { profile: profileWith([hot]), from: minute(0), to: minute(5) },
        { profile: profileWith([{ ...hot, limit: 8.5 }], "PT3M", "q"), from: minute(5), to: null },
      ],
      [always("a"), always("b")],
    );
    space.feed(readingsOf("a", "9 9 9 9 9 . . 9 9"), minute(8));
    space.feed(readingsOf("b", ". . . . 8 5 5 5"), minute(8));
    expect([...space.excursions.values()]).toMatchObject([
      { since: minute(0), until: minute(5), ended: "unproven", profileHash: "p", limit: 8_000 },
      { since: minute(5), until: null, profileHash: "q", limit: 8_500, peakAt: minute(5) },
    ]);
  });

  it("the same profile assigned again is no other", () => {
    const space = new DrivenSpace(
      [
        { profile: profileWith([hot]), from: minute(0), to: minute(5) },
        { profile: profileWith([hot]), from: minute(5), to: null },
      ],
      [always("a")],
    );
    space.feed(readingsOf("a", "9 9 9 9 9 9 9 9 9"), minute(8));
    expect(openExcursions(space.state)).toMatchObject([{ since: minute(0) }]);
    expect(space.excursions.size).toBe(1);
  });

  it("without a profile, or with rules that only warn, nothing proves that a range was kept", () => {
    const stays = [always("a")];
    const warn = profileWith([{ ...hot, severity: "warn" }]);
    for (const assignments of [[], [{ profile: warn, from: minute(0), to: null }]]) {
      const space = new DrivenSpace(assignments, stays);
      space.feed(readingsOf("a", "5 5 5"), minute(2));
      expect(space.timeline).toEqual([{ from: minute(0), to: null, class: "unproven" }]);
    }
  });
});

describe("whatever was judged before a reading came, all ends as if everything had been there at once", () => {
  const rules = [hot, cold, spike];
  const one = [{ profile: profileWith(rules), from: minute(-9), to: null }];
  const [short, long] = [profileWith(rules, "PT3M"), profileWith(rules, "PT6M", "q")];
  const longerLater = [
    { profile: short, from: minute(-9), to: minute(3) },
    { profile: long, from: minute(3), to: null },
  ];
  const shorterLater = [
    { profile: long, from: minute(-9), to: minute(2) },
    { profile: short, from: minute(2), to: null },
  ];
  const stay = (sensor: string, from: number, to: number | null): Stay => ({
    sensor,
    from: minute(from),
    to: to === null ? null : minute(to),
  });
  const all = [always("a"), always("b")];

  // Delivered row by row.
  it.each([
    [
      "inside a silence in which another sensor was heard",
      one,
      all,
      ["a 9 . . . . 9", "b . . 5", "a . . . 9"],
    ],
    [
      "where the gap is shorter from then on",
      shorterLater,
      all,
      ["a 9 . . . . 9", "b . . . 5", "a . . . 9"],
    ],
    [
      "where the gap is longer from then on",
      longerLater,
      all,
      ["a 9 . . . . . . 9", "b . . . . 5", "a . . . . . 9"],
    ],
    [
      "at and before the end of a stay",
      longerLater,
      [stay("a", 0, 11)],
      ["a . . . . . . . . . . . 9", "a . . . . . 9"],
    ],
    [
      "after a stay in which nothing was heard",
      one,
      [stay("a", 0, 10), stay("b", 10, null)],
      ["a . . . . . . . . . . 9", "b 9"],
    ],
    [
      "before a stay and inside it, the first of a space",
      one,
      [stay("a", 6, null), always("b")],
      [
        "a . . . . . 9",
        "b . . . . . . . 9",
        "b . . . . . 9",
        "b . . . . . . . . 9 9 9 9 9",
        "b . . . . . . 5",
      ],
    ],
    ["on the instant that was settled", one, all, ["a 9 9 9", "b . . 9", "a . . 5"]],
    ["before anything else", one, all, ["a . . . . 9 9 9 9", "a 9 9 9 9"]],
  ] as const)("%s", (_, assignments, stays, rows) => {
    const inTurn = new DrivenSpace(assignments, stays);
    const atOnce = new DrivenSpace(assignments, stays);
    const all = rows.map((row) => readingsOf(row.slice(0, 1), row.slice(1)));
    for (const readings of all) inTurn.feed(readings, minute(0));
    atOnce.feed(all.flat(), minute(0));
    expect(inTurn.outcome()).toEqual(atOnce.outcome());
    inTurn.tick(minute(40));
    atOnce.tick(minute(40));
    expect(inTurn.outcome()).toEqual(atOnce.outcome());
  });

  it("over days: no snapshot outlives what it was taken of, and no more than 64 are kept", () => {
    const hourly = profileWith([{ ...hot, hold: "PT3H" }], "PT3H");
    const space = new DrivenSpace([{ profile: hourly, from: minute(0), to: null }], [always("a")]);
    const hour = (h: number, text: string) =>
      space.feed(
        readingsOf("a", text).map((r) => ({ ...r, at: minute(60 * h) })),
        minute(0),
      );
    for (let h = 0; h < 1_200; h += 1) if (h !== 10 && h !== 1_100) hour(h, "9");
    expect(space.state.snapshots).toHaveLength(64);
    hour(1_100, "12");
    hour(1_200, "9");
    hour(10, "5");
    hour(1_100, "13");
    expect(space.state.snapshots.length).toBeLessThanOrEqual(64);
    expect(openExcursions(space.state)).toMatchObject([
      { since: minute(660), peak: 13_000, provenMs: (1_200 - 11) * 3_600_000 },
    ]);
  });
});

describe("what a space keeps between calls", () => {
  it("is the same array of snapshots until one is added, so that it need not be stored anew", () => {
    const samples = readingsOf("a", "5 5 5");
    const judge = (state: SpaceState, column: number) =>
      judgeSpace(
        {
          space: "room",
          assignments: [{ profile: profileWith([hot]), from: minute(0), to: null }],
          stays: [always("a")],
          facts: noFacts,
          history: () => samples.filter(({ at }) => at <= minute(column)),
          known: [],
        },
        state,
        { from: minute(column) },
        minute(column),
      )[0];
    const first = judge(initialSpaceState, 0);
    const second = judge(first, 1);
    expect(second.snapshots).toBe(first.snapshots);
    expect(second.live.deadline).toBe(minute(4));
    // Late, but within the last snapshot.
    expect(judge(judge(second, 2), 1).snapshots).toBe(first.snapshots);
  });
});

describe("three hours in a tunnel, with forty warm minutes in them, that arrive after newer readings", () => {
  // The rule is ten minutes above 8 °C. On time: 25 warm minutes in the morning, and a door open for two minutes
  // just after the tunnel.
  const warm = (m: number) =>
    (m >= 540 && m < 565) || (m >= 780 && m < 820) || (m >= 912 && m < 914);
  const reading = (m: number) =>
    readingsOf("a", warm(m) ? "9" : "5").map((r) => ({ ...r, at: minute(m) }));
  const [tunnelFrom, tunnelTo] = [730, 910];

  function day(backlogAt: (m: number, backlog: number[]) => readonly number[]): DrivenSpace {
    const ten = profileWith([{ ...hot, hold: "PT10M" }]);
    const space = new DrivenSpace([{ profile: ten, from: minute(0), to: null }], [always("a")]);
    const backlog = Array.from({ length: tunnelTo - tunnelFrom }, (_, i) => tunnelFrom + i);
    for (let m = 0; m < 1_440; m += 1) {
      if (m < tunnelFrom || m >= tunnelTo) space.feed(reading(m), minute(m));
      if (m >= tunnelTo)
        for (const late of backlogAt(m, backlog)) space.feed(reading(late), minute(m));
      space.tick(minute(m));
    }
    return space;
  }

  it.each([
    ["as a block", (_: number, backlog: number[]) => backlog.splice(0)],
    [
      "mixed with live readings, six to one",
      (_: number, backlog: number[]) => backlog.splice(0, 6),
    ],
    ["the newest first", (_: number, backlog: number[]) => backlog.splice(-6).reverse()],
  ])("%s: the late excursion is found, and no other is there in the end", (_, backlogAt) => {
    const space = day(backlogAt);
    expect([...space.excursions.values()].filter(({ retracted }) => !retracted)).toMatchObject([
      { since: minute(540), until: minute(565) },
      { since: minute(780), until: minute(820), ended: "in-range", provenMs: 40 * 60_000 },
    ]);
    expect(space.timeline.filter(({ class: c }) => c === "unproven")).toEqual([]);
  });

  it.each([
    ["as a block", (_: number, backlog: number[]) => backlog.splice(0)],
    ["mixed", (_: number, backlog: number[]) => backlog.splice(0, 6)],
  ])("%s, oldest first: nothing is ever said that is not so", (_, backlogAt) => {
    const space = day(backlogAt);
    const opened = space.said.filter(({ kind }) => kind === "excursion-opened");
    expect(opened).toHaveLength(2);
    expect(space.said.some(({ kind }) => kind === "excursion-retracted")).toBe(false);
  });
});
