import type { Judgement } from "@unbroken/model";
import { describe, expect, it } from "vitest";
import {
  acknowledged,
  closed,
  excursion,
  inRange,
  judged,
  minute,
  opened,
  retracted,
  tell,
  type Step,
} from "../testing/alert-story.ts";

const ALERT = `cold.warm.${minute(10)}`;
const warn = { severity: "warn", rule: "early" } as const;

const rows: readonly (readonly [
  title: string,
  given: readonly Step[],
  until: number,
  then: readonly string[],
])[] = [
  ["a break is told at once, as urgent", [judged(10, opened(0))], 24, ["10 opened high"]],
  [
    "an alert is told again every 15 minutes until somebody acknowledges it",
    [judged(10, opened(0)), acknowledged(45, ALERT)],
    200,
    ["10 opened high", "25 repeated high", "40 repeated high"],
  ],
  [
    "it is told again twelve times at the most",
    [judged(10, opened(0))],
    1_000,
    ["10 opened high", ...Array.from({ length: 12 }, (_, i) => `${25 + i * 15} repeated high`)],
  ],
  [
    "it is over when it has been quiet for half an hour since its end, and that is said once",
    [judged(10, opened(0)), acknowledged(11, ALERT), judged(21, closed(0, 20))],
    300,
    ["10 opened high", "50 over low"],
  ],
  [
    "what ended is not told again while it is quiet, although nobody acknowledged",
    [judged(10, opened(0)), judged(21, closed(0, 20))],
    300,
    ["10 opened high", "50 over low"],
  ],
  [
    "what comes back within half an hour is the same alert, and acknowledged it stays",
    [
      judged(10, opened(0)),
      acknowledged(12, ALERT),
      judged(21, closed(0, 20)),
      judged(50, opened(40)),
      judged(61, closed(40, 60)),
    ],
    300,
    ["10 opened high", "90 over low"],
  ],
  [
    "what comes back after it was over is a new alert",
    [judged(10, opened(0)), judged(12, closed(0, 11)), judged(110, opened(100))],
    120,
    ["10 opened high", "41 over low", "110 opened high"],
  ],
  [
    "several rules of one space join one alert",
    [judged(10, opened(0)), judged(12, opened(0, { rule: "mean" })), acknowledged(13, ALERT)],
    120,
    ["10 opened high"],
  ],
  [
    "it is over only when the last of them is",
    [
      judged(10, opened(0), opened(0, { rule: "mean" })),
      acknowledged(13, ALERT),
      judged(21, closed(0, 20)),
      judged(101, closed(0, 100, { rule: "mean" })),
    ],
    300,
    ["10 opened high", "130 over low"],
  ],
  [
    "too warm and too cold are two causes",
    [judged(10, opened(0), opened(0, { rule: "low", side: "low" }))],
    20,
    ["10 opened high", "10 opened high cold"],
  ],
  ["a warning is told once, and not again", [judged(10, opened(0, warn))], 500, ["10 opened low"]],
  [
    "a warning that becomes a break is told again as urgent, even if it was acknowledged",
    [judged(10, opened(0, warn)), acknowledged(12, ALERT), judged(30, opened(0))],
    50,
    ["10 opened low", "30 raised high", "45 repeated high"],
  ],
  [
    "a warning after a break says nothing more",
    [judged(10, opened(0)), acknowledged(11, ALERT), judged(30, opened(20, warn))],
    100,
    ["10 opened high"],
  ],
  [
    "an excursion that late data took back ends its alert, and says so",
    [judged(10, opened(0)), judged(20, retracted(0))],
    300,
    ["10 opened high", "20 retracted low"],
  ],
  [
    "one that was moved by late data goes on under the same alert",
    [
      judged(10, opened(0)),
      acknowledged(11, ALERT),
      judged(20, retracted(0, [excursion(4).id]), opened(4)),
      judged(60, closed(4, 59)),
    ],
    300,
    ["10 opened high", "89 over low"],
  ],
  [
    "one that was split by late data is over with its last part",
    [
      judged(10, opened(0)),
      acknowledged(11, ALERT),
      judged(40, closed(0, 12), opened(20)),
      judged(60, closed(20, 59)),
    ],
    300,
    ["10 opened high", "89 over low"],
  ],
  [
    "what was taken back before it was told is told to nobody",
    [judged(10, opened(0), retracted(0))],
    300,
    [],
  ],
  [
    "what was acknowledged on the board before it was told wakes nobody",
    [{ at: 10, news: [...judged(10, opened(0)).news, ...acknowledged(10, ALERT).news] }],
    300,
    [],
  ],
  [
    "warm and then silent is not over: it is told on until somebody has it in hand",
    [judged(10, opened(0)), judged(30, closed(0, 20, { ended: "unproven" }))],
    45,
    ["10 opened high", "25 repeated high", "40 repeated high"],
  ],
  [
    "warm, then silent, then proven in range is over",
    [
      judged(10, opened(0)),
      acknowledged(11, ALERT),
      judged(30, closed(0, 20, { ended: "unproven" })),
      judged(100, inRange(99)),
    ],
    400,
    ["10 opened high", "129 over low"],
  ],
  [
    "what is silent for a day after it was warm is called not known, never over",
    [
      judged(10, opened(0)),
      acknowledged(11, ALERT),
      judged(30, closed(0, 20, { ended: "unproven" })),
    ],
    1_600,
    ["10 opened high", "1460 unproven low"],
  ],
];

describe("an alert", () => {
  it.each(rows)("%s", (_, given, until, then) => {
    expect(tell(given, until).story).toEqual(then);
  });

  it("of one cause is one, whatever was learnt of it and in which order", () => {
    const judgements = [
      opened(0),
      opened(0, { rule: "mean" }),
      opened(2, { ...warn, peakSensor: "d2/main" }),
      opened(3, { rule: "third", severity: "excursion" }),
    ];
    for (const turned of [0, 1, 2, 3]) {
      const order = [...judgements.slice(turned), ...judgements.slice(0, turned)];
      const { story, alerts } = tell([judged(10, ...order)], 20);
      expect(story).toEqual(["10 opened high"]);
      expect(alerts).toHaveLength(1);
      expect(alerts[0]).toMatchObject({ since: minute(0), urgency: "high" });
    }
  });
});

const gap = (from: number, to: number | null = null): Judgement =>
  to === null
    ? { kind: "gap-opened", space: "cold", sensor: "d1/main", from: minute(from) }
    : { kind: "gap-closed", space: "cold", sensor: "d1/main", from: minute(from), to: minute(to) };

describe("a silence", () => {
  it.each<readonly [string, readonly Step[], number, readonly string[]]>([
    ["is not told while it is short", [judged(13, gap(0)), judged(25, gap(0, 24))], 300, []],
    [
      "is told as a notice after half an hour and as urgent after two hours",
      [judged(13, gap(0))],
      121,
      ["30 opened low silent", "120 raised high silent"],
    ],
    [
      "of several sensors is one alert",
      [
        judged(13, gap(0), {
          kind: "gap-opened",
          space: "cold",
          sensor: "d2/main",
          from: minute(1),
        }),
      ],
      100,
      ["30 opened low silent"],
    ],
    ["that only shows when it is over is told to nobody", [judged(100, gap(0, 99))], 300, []],
    [
      "of everything after a restart is told of none that speaks again within two minutes",
      [judged(90, gap(0)), judged(91, gap(0, 91))],
      300,
      [],
    ],
  ])("%s", (_, given, until, then) => {
    expect(tell(given, until).story).toEqual(then);
  });
});

describe("a faulty probe", () => {
  it("is a notice about the space that it stands in, and told when it works again", () => {
    const fault = { sensor: "d1/main", fault: "open-circuit", from: minute(5) } as const;
    const given = [
      judged(5, { kind: "fault-opened", ...fault }),
      judged(65, { kind: "fault-closed", ...fault, to: minute(65) }),
    ];
    expect(tell(given, 300).story).toEqual(["5 opened low probe-fault", "95 over low probe-fault"]);
  });
});

describe("late data", () => {
  const DAY = 1_440;
  it.each<readonly [string, readonly Step[], number, readonly string[]]>([
    [
      "about what ended more than a day before is recorded and told to nobody",
      [judged(2 * DAY, opened(0), closed(0, 60))],
      2 * DAY + 100,
      [],
    ],
    [
      "about what ended less than a day before is told once, as a notice",
      [judged(600, opened(0), closed(0, 60))],
      1_000,
      ["600 passed low"],
    ],
    [
      "about several episodes is several messages about the past, none of them urgent",
      [judged(600, opened(0), closed(0, 60), opened(200), closed(200, 300))],
      1_000,
      ["600 passed low", "600 passed low"],
    ],
    [
      "about a time before an alert that lasts does not change since when it lasts",
      [
        judged(610, opened(600)),
        acknowledged(611, `cold.warm.${minute(610)}`),
        judged(620, opened(0), closed(0, 60)),
      ],
      700,
      ["610 opened high"],
    ],
  ])("%s", (_, given, until, then) => {
    const { story, alerts } = tell(given, until);
    expect(story).toEqual(then);
    expect(alerts.length).toBeGreaterThan(0);
    if (then[0] === "610 opened high") expect(alerts[0]?.since).toBe(minute(600));
  });

  it("that is being handed over wakes nobody as long as it may still turn out to be the past", () => {
    // Ten hours of backlog, a minute of each hour: warm from minute 0 to 300, seen as lasting until that is read.
    const growing = Array.from({ length: 5 }, (_, i) =>
      judged(600 + i, {
        kind: "excursion-amended",
        excursion: excursion(0, { provenMs: (i + 1) * 3_600_000, revision: i + 1 }),
        changed: [],
      }),
    );
    const given = [...growing, judged(605, closed(0, 300, { revision: 6 }))];
    expect(tell(given, 900, { growing: false }).story).toEqual(["605 passed low"]);
  });

  it("is not what grows as time passes, however far behind its minutes add up: that is told in two minutes", () => {
    // An allowance over a day: sixty minutes out of range in the ten hours since it began.
    const grown = Array.from({ length: 20 }, (_, i) =>
      judged(600 + i, {
        kind: "excursion-amended",
        excursion: excursion(0, { provenMs: (60 + i) * 60_000, revision: i + 1 }),
        changed: [],
      }),
    );
    expect(tell(grown, 610, { growing: false }).story).toEqual(["602 opened high"]);
  });

  it("that stands still is told after two minutes: this is how the place was left", () => {
    const given = [judged(600, opened(0))];
    expect(tell(given, 610, { growing: false }).story).toEqual(["602 opened high"]);
  });
});

describe("a space out of service", () => {
  it("says nothing, and when it is back tells what still lasts", () => {
    const given = [judged(10, opened(0))];
    expect(tell(given, 70, { outOfService: [5, 60] }).story).toEqual(["60 opened high"]);
  });

  it("never tells what came and went meanwhile", () => {
    const given = [judged(10, opened(0)), judged(21, closed(0, 20))];
    expect(tell(given, 300, { outOfService: [5, 100] }).story).toEqual([]);
  });
});

describe("what was learnt before", () => {
  it("changes nothing when it comes by again", () => {
    const steps = [judged(10, opened(0)), judged(21, closed(0, 20))];
    const again = steps.map((step) => ({ ...step, at: step.at + 12 }));
    expect(tell([...steps, ...again], 300).story).toEqual(tell(steps, 300).story);
  });
});
