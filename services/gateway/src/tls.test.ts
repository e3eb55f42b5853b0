import { readdir, readFile, stat } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { developmentCertificate } from "./development-certificate.ts";
import { parseListenAddress } from "./listen-address.ts";
import { runGateway, type RunningGateway } from "./testing/running-gateway.ts";

let running: RunningGateway | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

describe("MQTT over TLS", () => {
  it("works with the development certificate, checked against its own file", async () => {
    running = await runGateway();
    const device = await running.register("acme", "probe-1");
    const client = await connectAsync(`mqtts://${running.addresses.tls}`, {
      username: device.username,
      password: device.password,
      ca: await certificate(running),
      servername: "localhost",
      reconnectPeriod: 0,
    });
    await client.publishAsync(device.topic, "4.2", { qos: 1 });
    await client.publishAsync(device.topic, Buffer.alloc(300_000), { qos: 1 });
    client.end(true);
    expect((await running.messages()).map(({ payload }) => payload.length)).toEqual([3, 300_000]);
  });

  it("makes a certificate for this machine, P-256, valid 825 days, with a key that only we can read", async () => {
    running = await runGateway();
    const x509 = new X509Certificate(await certificate(running));
    for (const host of ["localhost"]) expect(x509.checkHost(host)).toBe(host);
    for (const ip of ["127.0.0.1", "::1"]) expect(x509.checkIP(ip)).toBeDefined();
    expect(x509.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(x509.verify(x509.publicKey)).toBe(true);
    const days = (Date.parse(x509.validTo) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(825);
    const key = await stat(join(running.certificateDir, "development-key.pem"));
    expect((key.mode & 0o777).toString(8)).toBe("600");
  });

  it("uses the same certificate after a restart, and leaves no other file behind", async () => {
    running = await runGateway();
    const first = await certificate(running);
    const again = await developmentCertificate(running.certificateDir, Date.now());
    expect(again.cert).toBe(first);
    expect(await readdir(running.certificateDir)).toEqual([
      "development-certificate.pem",
      "development-key.pem",
    ]);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("resumes a session of %s", async (version) => {
    running = await runGateway();
    const options = { maxVersion: version, ca: await certificate(running) };
    const session = await new Promise<Buffer>((resolve) => {
      const socket = dial(running, options);
      socket.once("session", resolve);
    });
    const resumed = dial(running, { ...options, session });
    await new Promise((resolve) => resumed.once("secureConnect", resolve));
    expect(resumed.isSessionReused()).toBe(true);
    resumed.destroy();
  });

  it("is not spoken in versions before 1.2", async () => {
    running = await runGateway();
    const socket = dial(running, {
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      rejectUnauthorized: false,
    });
    await expect(
      new Promise((resolve, reject) => {
        socket.once("secureConnect", resolve);
        socket.once("error", reject);
      }),
    ).rejects.toThrow();
  });

  it("is not waited for: a connection that does not begin its handshake ends", async () => {
    running = await runGateway({ connectTimeout: "PT0.5S" });
    const { connectRaw } = await import("./testing/raw-client.ts");
    const client = await connectRaw(running.addresses.tls);
    await client.ended();
    await expect.poll(() => running?.gateway.health().connections).toBe(0);
  });
});

describe("MQTT without TLS", () => {
  it("is refused where others can listen in, naming both settings", async () => {
    await expect(runGateway({ plain: "0.0.0.0:0" })).rejects.toMatchObject({
      code: "UB_CONFIG_INVALID",
      message: expect.stringMatching(/mqtt\.plain .*mqtt\.plainAnywhere/) as string,
    });
  });

  it("is served anywhere if that was asked for", async () => {
    running = await runGateway({ plain: "0.0.0.0:0", plainAnywhere: true });
    expect(running.addresses.plain).toMatch(/^0\.0\.0\.0:\d+$/);
  });

  it("does not start on a port that is taken, and says which setting", async () => {
    running = await runGateway();
    await expect(runGateway({ plain: running.addresses.plain })).rejects.toMatchObject({
      code: "UB_PORT_IN_USE",
      details: { setting: "mqtt.plain" },
    });
  });
});

it("does not start with half a certificate", async () => {
  await expect(runGateway({ certificateFile: "chain.pem" })).rejects.toMatchObject({
    code: "UB_CONFIG_INVALID",
    message: expect.stringMatching(/mqtt\.keyFile/) as string,
  });
});

function certificate({ certificateDir }: RunningGateway): Promise<string> {
  return readFile(join(certificateDir, "development-certificate.pem"), "utf8");
}

function dial(at: RunningGateway | null, options: ConnectionOptions): TLSSocket {
  const socket = connect({
    ...parseListenAddress(at?.addresses.tls ?? ""),
    servername: "localhost",
    ...options,
  });
  socket.on("error", () => undefined);
  // TLS 1.3 sends its session ticket after the handshake, and only to who reads.
  socket.resume();
  return socket;
}
