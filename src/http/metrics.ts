// Owns what is counted for Prometheus. Labels have few values each: routes, never paths.
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly type: string;
  text(): Promise<string>;
  answered(method: string, route: string, status: number, seconds: number): void;
}

/** @param gauges read at every scrape: name to help and value */
export function createMetrics(gauges: Record<string, { help: string; read: () => Promise<number> }>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'touchstone_http_request_seconds',
    help: 'Time to answer HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5],
    registers: [registry],
  });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        // A part that is away leaves a gap in its own line, not in all others.
        this.set(await read().catch(() => Number.NaN));
      },
    });
  }
  return {
    type: registry.contentType,
    text: () => registry.metrics(),
    answered: (method, route, status, seconds) => requests.observe({ method, route, status: String(status) }, seconds),
  };
}
