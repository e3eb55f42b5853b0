// Starts a task on the pinned Node, whatever Node started this file: installs when the lockfile changed, builds when
// sources changed, then hands over. No dependency, and nothing newer than Node 18.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const state = join(root, ".launch");
const node = join(root, "node_modules/node/bin/node");
const tools = {
  tsc: "node_modules/typescript/bin/tsc",
  vite: "node_modules/vite/bin/vite.js",
  vitest: "node_modules/vitest/vitest.mjs",
  eslint: "node_modules/eslint/bin/eslint.js",
  prettier: "node_modules/prettier/bin/prettier.cjs",
  unbroken: "services/unbroken/bin/unbroken.mjs",
};

const tasks = {
  build: () => undefined,
  demo: (args) => handOver(tools.unbroken, ["demo", ...args]),
  bench: (args) => handOver(tools.unbroken, ["bench", ...args]),
  "bench:judge": (args) => handOver("bench/judge.bench.ts", args),
  detection: (args) => handOver("bench/detection-table.ts", args),
  test(args) {
    run("formatting", tools.prettier, ["--check", "--log-level", "warn", "."]);
    run("types of the tests", tools.tsc, ["-p", "tsconfig.tests.json"]);
    run("lint", tools.eslint, [".", "--max-warnings", "0"]);
    handOver(tools.vitest, ["run", ...args]);
  },
  "test:long": (args) =>
    handOver(tools.vitest, ["run", "--config", "vitest.long.config.ts", ...args]),
  "test:crash": (args) =>
    handOver(tools.vitest, ["run", "--config", "vitest.crash.config.ts", ...args]),
  "test:browser": (args) =>
    handOver(tools.vitest, ["run", "--config", "vitest.browser.config.ts", ...args]),
};

const [name = "", ...args] = process.argv.slice(2);
const task = tasks[name];
if (task === undefined) {
  process.stderr.write(`usage: launch.mjs ${Object.keys(tasks).join(" | ")}\n`);
  process.exit(2);
}
mkdirSync(state, { recursive: true });
install();
build();
task(args);

function install() {
  const wanted = digest([join(root, "package-lock.json")]);
  if (existsSync(node) && remembered("install") === wanted) return;
  say("installing packages (once; about a minute)");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } =
    npm === undefined
      ? spawnSync("npm", args, {
          cwd: root,
          stdio: ["ignore", 2, 2],
          shell: process.platform === "win32",
        })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0 || !existsSync(node)) fail("npm ci failed; its own message is above");
  remember("install", wanted);
}

function build() {
  const folders = ["packages", "services", "simulators"].map((folder) => join(root, folder));
  const wanted = digest([...folders.flatMap(sources), join(root, "tsconfig.base.json")]);
  if (remembered("build") === wanted) return;
  rmSync(join(state, "build"), { force: true });
  say("building");
  run("build", tools.tsc, ["-b"]);
  if (existsSync(join(root, "services/console/index.html")))
    run("build of the console", tools.vite, ["build", "services/console", "--logLevel", "warn"]);
  remember("build", wanted);
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name === "dist") return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    if (statSync(file).isFile())
      hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function remembered(what) {
  const file = join(state, what);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function remember(what, value) {
  writeFileSync(join(state, what), value);
}

/** Runs a tool to its end; a failure ends the task with the tool's status. */
function run(what, tool, toolArgs) {
  const { status } = spawnSync(node, [join(root, tool), ...toolArgs], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: environment(),
  });
  if (status !== 0) fail(`${what} failed`, status ?? 1);
}

/** The last step: its output, its signals and its exit status are the task's. */
function handOver(tool, toolArgs) {
  const child = spawn(node, [join(root, tool), ...toolArgs], {
    cwd: root,
    stdio: "inherit",
    env: environment(),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (status, signal) => process.exit(signal === null ? (status ?? 1) : 1));
}

function environment() {
  const bin = join(root, "node_modules/.bin");
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: `${bin}${separator}${process.env.PATH ?? ""}` };
}

function say(text) {
  process.stderr.write(`unbroken: ${text}\n`);
}

function fail(text, status = 1) {
  say(text);
  process.exit(status);
}
