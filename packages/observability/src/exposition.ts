import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from "prom-client";

/** The Prometheus text format (0.0.4) of several threads' metrics, those of one name added up. */
export async function exposition(
  snapshots: readonly MetricObjectWithValues<MetricValue<string>>[][],
): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}
