// node tests/browser/serve-fixture.ts [busy|calm|empty] [port]: the console with made-up rooms, for looking at designs.
import { fileURLToPath } from "node:url";
import { FixtureServer, TOKEN, type Scenario } from "./fixture-server.ts";

const [scenario = "busy", port = "8099"] = process.argv.slice(2);
const dist = fileURLToPath(new URL("../../services/console/dist", import.meta.url));
const url = await new FixtureServer(scenario as Scenario, dist).start(Number(port));
process.stdout.write(`${url} token ${TOKEN}\n`);
