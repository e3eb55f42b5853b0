import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValue,
} from "prom-client";

// Every metric of Unbroken by its name, with unit; `docs/metrics.md` explains each, and a test holds both equal.

const LATENCY_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

const catalogue = {
  unbroken_gateway_connections: {
    kind: "gauge",
    help: "MQTT connections that are open now",
    labels: [],
  },
  unbroken_gateway_refused_total: {
    kind: "counter",
    help: "connections, publishes and subscriptions refused, by code",
    labels: ["code"],
  },
  unbroken_gateway_messages_total: {
    kind: "counter",
    help: "messages acknowledged, all of them on stable storage",
    labels: [],
  },
  unbroken_gateway_bytes_total: { kind: "counter", help: "payload bytes acknowledged", labels: [] },
  unbroken_gateway_hold_seconds: {
    kind: "histogram",
    help: "from the arrival of a group's oldest message to its acknowledgement",
    labels: [],
  },
  unbroken_gateway_throttled_total: {
    kind: "counter",
    help: "messages made to wait by a device's rate limit",
    labels: [],
  },
  unbroken_log_flush_seconds: {
    kind: "histogram",
    help: "time of one group commit, flush included",
    labels: [],
  },
  unbroken_log_group_records: {
    kind: "histogram",
    help: "records in one group commit",
    labels: [],
  },
  unbroken_log_pending_bytes: { kind: "gauge", help: "bytes that wait for the disk", labels: [] },
  unbroken_processor_applied_offset: {
    kind: "gauge",
    help: "offset up to which the input is applied",
    labels: ["partition"],
  },
  unbroken_processor_lag_records: {
    kind: "gauge",
    help: "offsets between the end of the log and what is applied",
    labels: ["partition"],
  },
  unbroken_processor_readings_total: {
    kind: "counter",
    help: "readings decoded, by what became of them",
    labels: ["outcome"],
  },
  unbroken_processor_quarantined_total: {
    kind: "counter",
    help: "readings and messages quarantined, by code",
    labels: ["code"],
  },
  unbroken_processor_judgements_total: {
    kind: "counter",
    help: "judgements, by kind",
    labels: ["kind"],
  },
  unbroken_processor_commit_seconds: {
    kind: "histogram",
    help: "time of one checkpoint, flush included",
    labels: [],
  },
  unbroken_processor_lateness_seconds: {
    kind: "histogram",
    help: "from measuredAt to receivedAt",
    labels: [],
  },
  unbroken_api_requests_total: {
    kind: "counter",
    help: "HTTP requests answered, by route and status",
    labels: ["route", "status"],
  },
  unbroken_api_request_seconds: {
    kind: "histogram",
    help: "time of one HTTP request",
    labels: ["route"],
  },
  unbroken_feed_clients: { kind: "gauge", help: "feeds that are open now", labels: [] },
  unbroken_feed_messages_total: {
    kind: "counter",
    help: "feed messages sent, by type",
    labels: ["type"],
  },
  unbroken_feed_snapshots_forced_total: {
    kind: "counter",
    help: "snapshots sent in place of a backlog to clients that read too slowly",
    labels: [],
  },
  unbroken_notifier_alerts_open: {
    kind: "gauge",
    help: "alerts that last or are not yet called over, by urgency",
    labels: ["urgency"],
  },
  unbroken_notifier_messages_total: {
    kind: "counter",
    help: "messages made for alerts, by kind and urgency",
    labels: ["kind", "urgency"],
  },
  unbroken_notifier_deliveries_total: {
    kind: "counter",
    help: "deliveries by channel and outcome: delivered, retried, failed, superseded",
    labels: ["channel", "outcome"],
  },
  unbroken_notifier_deliveries_waiting: {
    kind: "gauge",
    help: "deliveries that are not done",
    labels: [],
  },
  unbroken_notifier_delivery_seconds: {
    kind: "histogram",
    help: "time of one attempt to deliver",
    labels: ["channel"],
  },
  unbroken_notifier_lag_commits: {
    kind: "gauge",
    help: "commits of the processor that the notifier has not read",
    labels: [],
  },
  unbroken_notifier_heartbeats_total: {
    kind: "counter",
    help: "heartbeats by outcome: sent, withheld because a part is not well, failed",
    labels: ["outcome"],
  },
} as const satisfies Record<string, MetricEntry>;

interface MetricEntry {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

export type MetricName = keyof typeof catalogue;
export const metricNames = Object.keys(catalogue) as readonly MetricName[];

type Labels = Readonly<Record<string, string>>;

/** The metrics of one thread or process. */
export interface Metrics {
  count(name: MetricName, by?: number, labels?: Labels): void;
  set(name: MetricName, value: number, labels?: Labels): void;
  observe(name: MetricName, value: number, labels?: Labels): void;
  /** For another thread to merge and show. */
  snapshot(): Promise<MetricObjectWithValues<MetricValue<string>>[]>;
}

/** @throws Error where a name is used as another kind than the catalogue says: a bug. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const made = new Map<string, Counter | Gauge | Histogram>();
  const metric = (name: MetricName): Counter | Gauge | Histogram => {
    const found = made.get(name);
    if (found !== undefined) return found;
    const entry: MetricEntry = catalogue[name];
    const common = { name, help: entry.help, labelNames: [...entry.labels], registers: [registry] };
    const created =
      entry.kind === "counter"
        ? new Counter(common)
        : entry.kind === "gauge"
          ? new Gauge(common)
          : new Histogram({
              ...common,
              buckets: name.endsWith("_seconds")
                ? LATENCY_SECONDS
                : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000],
            });
    made.set(name, created);
    return created;
  };
  return {
    count(name, by = 1, labels = {}) {
      const counter = metric(name);
      if (!(counter instanceof Counter)) throw new Error(`${name} is not a counter`);
      counter.inc(labels, by);
    },
    set(name, value, labels = {}) {
      const gauge = metric(name);
      if (!(gauge instanceof Gauge)) throw new Error(`${name} is not a gauge`);
      gauge.set(labels, value);
    },
    observe(name, value, labels = {}) {
      const histogram = metric(name);
      if (!(histogram instanceof Histogram)) throw new Error(`${name} is not a histogram`);
      histogram.observe(labels, value);
    },
    snapshot: () => registry.getMetricsAsJSON(),
  };
}
