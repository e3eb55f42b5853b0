import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtInProfiles } from "@unbroken/model";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand } from "../run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "unbroken-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const FRIDGE = fileOf(
  "fridge.json",
  JSON.stringify({
    id: "fridge",
    cadence: "PT5M",
    rules: [
      { id: "high", quantity: "air", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT10M" },
      { id: "low", quantity: "air", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT10M" },
    ],
  }),
);

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly answer: Record<string, unknown> & { readonly error?: Record<string, string> };
}

async function judge(args: readonly string[], stdin = ""): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const status = await runCommand(["judge", ...args], {
    stdin: (async function* () {
      yield await Promise.resolve(stdin);
    })(),
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    progress: false,
  });
  const answer = (/^\{(?![^]*\n\{)/.test(stdout) ? JSON.parse(stdout) : {}) as Ran["answer"];
  return { status, stdout, stderr, answer };
}

const csv = (...rows: readonly string[]) => `measured_at,temperature_c\n${rows.join("\n")}\n`;
const at = (minute: number) => `2026-05-05T10:${String(minute).padStart(2, "0")}:00Z`;

describe("unbroken judge", () => {
  it("prints one object: the verdict, its rules, excursions, minutes, means and gaps", async () => {
    const rows = [4, 9, 10, 9, 4, 4].map((c, i) => `${at(i * 5)},${c}`);
    const readings = fileOf("warm.csv", csv(...rows));
    const { status, stdout, stderr } = await judge(["--profile", FRIDGE, "--readings", readings]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(
      `${JSON.stringify({
        verdict: "broken",
        rules: [
          { id: "high", verdict: "broken", proven: 15, possible: 15 },
          { id: "low", verdict: "intact", proven: 0, possible: 0 },
        ],
        excursions: [
          {
            rule: "high",
            side: "high",
            since: "2026-05-05T10:05:00.000Z",
            until: "2026-05-05T10:20:00.000Z",
            peak_c: 10,
            minutes: 15,
          },
        ],
        exposure: { proven: 15, possible: 15, in_range: 10, unproven: 0 },
        coverage: 1,
        mkt_c: 7.5973,
        min_c: 4,
        max_c: 10,
        mean_c: 7.2,
        gaps: [],
        reasons: [
          {
            rule: "high",
            code: "out-of-range",
            minutes: 15,
            from: "2026-05-05T10:05:00.000Z",
            to: "2026-05-05T10:20:00.000Z",
          },
        ],
        notes: ["accuracy-unknown"],
        engine: "detection/1",
        // sha256 of the document in canonical JSON (RFC 8785).
        profile_hash: "88bc20f0cd512bc0c1a2f6ab803fcc6132ac9b2e7661c00d20be629f7173c0b3",
      })}\n`,
    );
  });

  it("reads NDJSON from standard input, and the same rows in any order give the same bytes", async () => {
    const rows = [4, null, 9, "", 9].map((c, i) =>
      JSON.stringify({ measured_at: at(i * 5), temperature_c: c, sensor: i % 2 === 0 ? "a" : "b" }),
    );
    const first = await judge(["--profile", FRIDGE], rows.join("\n"));
    const again = await judge(["--profile", FRIDGE], [...rows.toReversed(), ...rows].join("\r\n"));
    expect(first.answer["verdict"]).toBe("broken");
    expect(again.stdout).toBe(first.stdout);
  });

  it("reads CSV with quotes, CRLF, a byte order mark, other columns and any order of columns", async () => {
    const plain = await judge(["--profile", FRIDGE], csv(`${at(0)},4`, `${at(5)},`, `${at(10)},9`));
    const other = [
      '\uFEFF"note, if any",Temperature_C , measured_at',
      `"says ""cold""\nand more",4,${at(0)}`,
      `,"",${at(5)}`,
      `x, 9.0 ,"${at(10)}"`,
      "",
    ].join("\r\n");
    expect((await judge(["--profile", FRIDGE], other)).stdout).toBe(plain.stdout);
    expect(plain.answer).toMatchObject({ exposure: { in_range: 5, unproven: 5 }, max_c: 9 });
  });

  it("takes a built-in profile by its id", async () => {
    const { answer } = await judge(
      ["--profile", "vacc.2-8.store"],
      csv(`${at(0)},4`, `${at(9)},5`),
    );
    expect(answer).toMatchObject({ verdict: "intact" });
    expect(answer["rules"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: "heat", verdict: "intact" }),
        expect.objectContaining({ id: "freeze", verdict: "intact" }),
      ]),
    );
  });

  it("judges the mean kinetic temperature of windows beside the air", async () => {
    const rules = [
      { id: "high", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT10H" },
      { id: "mkt", quantity: "mkt", cmp: "gt", limit: 8, mode: "window", scope: "PT24H" },
    ];
    const profile = fileOf("mkt.json", JSON.stringify({ id: "p", cadence: "PT1H", rules }));
    // 16 h at 5 °C and 8 h at 12 °C: within the allowance, a mean of 7.33 °C, and yet too warm.
    const day = Array.from({ length: 25 }, (_, hour) => {
      const time = new Date(Date.UTC(2026, 4, 5, hour)).toISOString();
      return `${time},${hour >= 10 && hour < 18 ? 12 : 5}`;
    });
    expect((await judge(["--profile", profile], csv(...day))).answer).toMatchObject({
      verdict: "broken",
      rules: [
        { id: "high", verdict: "intact", proven: 480 },
        { id: "mkt", verdict: "broken" },
      ],
      excursions: [{ rule: "mkt", side: "high", until: null, peak_c: 8.0257 }],
      mkt_c: 8.0257,
      mean_c: 7.3333,
    });
  });

  it("looks at the interval that was asked for", async () => {
    const rows = csv(`${at(0)},9`, `${at(5)},9`, `${at(10)},9`, `${at(15)},4`);
    const interval = ["--from", at(5), "--to", "2026-05-05T12:15:00+02:00"];
    const { answer } = await judge(["--profile", FRIDGE, ...interval], rows);
    expect(answer).toMatchObject({
      exposure: { proven: 10, in_range: 0 },
      excursions: [{ since: "2026-05-05T10:05:00.000Z", until: null, minutes: 10 }],
    });
  });

  it("answers unproven where there is nothing to go by", async () => {
    expect((await judge(["--profile", FRIDGE], "")).answer["verdict"]).toBe("unproven");
    expect((await judge(["--profile", FRIDGE], csv())).answer["verdict"]).toBe("unproven");
    const faults = csv(`${at(0)},`, `${at(5)},`, `${at(10)},`);
    expect((await judge(["--profile", FRIDGE], faults)).answer["verdict"]).toBe("unproven");
  });
});

describe("one bad row refuses the file, and its line is named", () => {
  it.each([
    ["UB_TIME_WITHOUT_OFFSET", /line 3: .*--zone/, csv(`${at(0)},4`, "2026-05-05T10:05:00,4")],
    ["UB_TIME_INVALID", /line 2/, csv("yesterday,4")],
    ["UB_TIME_INVALID", /line 2/, csv("2026-02-30T00:00:00Z,4")],
    ["UB_READINGS_INVALID", /line 3: temperature_c/, csv(`${at(0)},4`, `${at(5)},warm`)],
    ["UB_READINGS_INVALID", /line 2: temperature_c/, csv(`${at(0)},-300`)],
    ["UB_READINGS_INVALID", /line 2: temperature_c/, csv(`${at(0)},NaN`)],
    ["UB_READINGS_INVALID", /line 2: temperature_c/, csv(`${at(0)},1e999`)],
    ["UB_READINGS_INVALID", /line 2: temperature_c/, csv(at(0))],
    ["UB_READINGS_INVALID", /line 2: a quote/, csv(`${at(0)},"4`)],
    ["UB_READINGS_INVALID", /line 1: .*temperature_c/, "measured_at,celsius\n"],
    ["UB_READINGS_INVALID", /line 2: not JSON/, `{"measured_at":"${at(0)}","temperature_c":4}\n{`],
    ["UB_READINGS_INVALID", /line 1: temperature_c/, `{"measured_at":"${at(0)}"}`],
    [
      "UB_READINGS_INVALID",
      /line 1: temperature_c/,
      `{"measured_at":"${at(0)}","temperature_c":"4"}`,
    ],
    [
      "UB_READINGS_INVALID",
      /line 1: sensor/,
      `{"measured_at":"${at(0)}","temperature_c":4,"sensor":1}`,
    ],
  ])("%s %s", async (code, message, readings) => {
    const { status, answer, stderr } = await judge(["--profile", FRIDGE], readings);
    expect(status).toBe(1);
    expect(answer.error?.["code"]).toBe(code);
    expect(answer.error?.["message"]).toMatch(message);
    expect(stderr).toContain(code);
  });
});

describe("what a profile can be", () => {
  it("is listed: every id that comes along, with source, edition and confidence", async () => {
    const { status, stdout } = await judge(["--profile", "list"]);
    const lines = stdout.trim().split("\n");
    expect([status, lines.length]).toEqual([0, builtInProfiles.length]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      builtInProfiles.map(({ id, title, title_zh, source, edition, confidence }) => ({
        id,
        title,
        title_zh,
        source,
        edition,
        confidence,
      })),
    );
  });

  it("is published as a JSON Schema", async () => {
    const { status, answer } = await judge(["--schema"]);
    expect(status).toBe(0);
    expect(answer).toMatchObject({ type: "object", required: ["id", "rules"] });
  });
});

describe("a profile that cannot be judged is refused", () => {
  it.each([
    ["UB_PROFILE_UNKNOWN", "chiled.cn", /similar are chilled.cn/],
    ["UB_PROFILE_INVALID", fileOf("not.json", "{"), /not JSON/],
    ["UB_PROFILE_INVALID", fileOf("empty.json", "{}"), /\/rules/],
    [
      "UB_PROFILE_INVALID",
      fileOf(
        "rise.json",
        JSON.stringify({ id: "p", rules: [{ id: "r", cmp: "gt", limit: 8, mode: "rise" }] }),
      ),
      /\/rules\/0\/quantity.*product\.lag/,
    ],
  ])("%s %s", async (code, profile, message) => {
    const { status, answer } = await judge(["--profile", profile], "");
    expect(status).toBe(1);
    expect(answer.error?.["code"]).toBe(code);
    expect(answer.error?.["message"]).toMatch(message);
  });

  it("with everything that is wrong with it, each with its place and what would be right", async () => {
    const rules = [
      { id: "a", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT0S" },
      { id: "b", cmp: "over", limit: 8, mode: "instant", hold: "PT1H" },
    ];
    const file = fileOf("three.json", JSON.stringify({ id: "p", cadence: "5 min", rules }));
    const { answer, stderr } = await judge(["--profile", file]);
    const pointers = ["/cadence", "/rules/0/hold", "/rules/1/cmp", "/rules/1/hold"];
    const errors = (answer.error as unknown as { errors: readonly { pointer: string }[] }).errors;
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
    for (const pointer of pointers) expect(stderr).toMatch(new RegExp(`\n  ${pointer} .{20,}`));
  });

  it.each([
    [["--profile"]],
    [[]],
    [["--profile", FRIDGE, "--zone", "Mars/Olympus"]],
    [["--profile", FRIDGE, "--from", "2026-05-05"]],
    [["--profile", FRIDGE, "--from", at(5), "--to", at(0)]],
    [["--profile", FRIDGE, "--readings", join(folder, "none.csv")]],
    [["--profile", FRIDGE, "readings.csv"]],
    [["--profile", FRIDGE, "--format", "csv"]],
  ])("a command line that is not understood has status 2: %j", async (args) => {
    const { status, stdout, stderr } = await judge(args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("UB_USAGE");
  });
});

describe("clock times of a zone", () => {
  const zoned = async (time: string, zone: string) => {
    const { answer } = await judge(
      ["--profile", FRIDGE, "--zone", zone],
      csv(`${time},9`, `2027-01-01T00:00:00Z,5`),
    );
    const gaps = answer["gaps"] as { readonly from: string }[] | undefined;
    return gaps?.[0]?.from ?? answer.error?.["code"];
  };
  it.each([
    [
      "Asia/Shanghai has no summer time",
      "2026-05-05T10:00:00",
      "Asia/Shanghai",
      "2026-05-05T02:00:00.000Z",
    ],
    [
      "an offset outweighs the zone",
      "2026-05-05T10:00:00Z",
      "Asia/Shanghai",
      "2026-05-05T10:00:00.000Z",
    ],
    ["winter", "2026-03-29 01:59:59", "Europe/Berlin", "2026-03-29T00:59:59.000Z"],
    ["the hour that never comes", "2026-03-29 02:30:00", "Europe/Berlin", "UB_TIME_INVALID"],
    ["summer", "2026-03-29 03:00:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
    [
      "the hour that comes twice is the first",
      "2026-10-25T02:30:00",
      "Europe/Berlin",
      "2026-10-25T00:30:00.000Z",
    ],
    ["after it", "2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
    [
      "half an hour of summer time",
      "2026-04-05T01:45:00",
      "Australia/Lord_Howe",
      "2026-04-04T14:45:00.000Z",
    ],
    [
      "a quarter of an hour",
      "2026-05-05T10:00:00.250",
      "Asia/Kathmandu",
      "2026-05-05T04:15:00.250Z",
    ],
  ])("%s: %s in %s", async (_, time, zone, expected) => {
    expect(await zoned(time, zone)).toBe(expected);
  });
});

const DATA = fileURLToPath(
  new URL("../../../../../shared/fixtures/data/berlinger/derived/", import.meta.url),
);

describe.runIf(existsSync(DATA))("a Q-tag's own alarms (run where its data are at hand)", () => {
  it("are found: above 8 °C for 30 minutes without interruption, 4226 minutes in all", async () => {
    const lines = readFileSync(join(DATA, "RCPJ00010_03_202304201359.csv"), "utf8").split("\n");
    const header = lines[0]?.replace("timestamp_local", "measured_at") ?? "";
    const rules = [
      { id: "hot", cmp: "gt", limit: 8, mode: "consecutive", hold: "PT30M" },
      { id: "cold", cmp: "lt", limit: 2, mode: "consecutive", hold: "PT30M" },
    ];
    const profile = fileOf("qtag.json", JSON.stringify({ id: "qtag", cadence: "PT10M", rules }));
    // The label says "Zone: 0.00" and "TS Stop 2023-04-20 13:59".
    const { answer } = await judge(
      ["--profile", profile, "--zone", "UTC", "--to", "2023-04-20T13:59:00Z"],
      [header, ...lines.slice(1)].join("\n"),
    );
    expect(answer).toMatchObject({
      verdict: "broken",
      rules: [{ verdict: "broken" }, { verdict: "intact", possible: 0 }],
      excursions: [{ since: "2023-04-17T15:23:00.000Z", until: null, peak_c: 12.7 }],
      exposure: { in_range: 0, unproven: 0 },
      min_c: 9.7,
      max_c: 12.7,
    });
    const [hot] = answer["rules"] as { readonly proven: number }[];
    expect(Math.abs((hot?.proven ?? 0) - 4_226)).toBeLessThanOrEqual(10);
    // The print-out says MKT 10.4 and mean 10.4, both cut (with ΔH 83 kJ/mol).
    expect(answer["mkt_c"]).toBeCloseTo(10.47, 1);
    expect(answer["mean_c"]).toBeCloseTo(10.45, 1);
  });
});
