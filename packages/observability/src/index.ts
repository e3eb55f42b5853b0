export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, metricNames, type MetricName, type Metrics } from "./metrics.ts";
export { exposition } from "./exposition.ts";
