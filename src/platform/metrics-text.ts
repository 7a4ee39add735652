/** Metrics in the text format of Prometheus, version 0.0.4. Pure. */
import type { HistogramFamily, HistogramSample } from './histogram.ts';
import type { MetricFamily } from './metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** A family without samples is left out: what is not known is not told as 0. */
export function renderFamilies(families: readonly (MetricFamily | HistogramFamily)[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => [...headOf(family), ...linesOf(family), ''].join('\n'))
    .join('');
}

function headOf({ name, help, kind }: MetricFamily | HistogramFamily): string[] {
  const line = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return [`# HELP ${name} ${line}`, `# TYPE ${name} ${kind}`];
}

function linesOf(family: MetricFamily | HistogramFamily): string[] {
  const { name } = family;
  if (family.kind !== 'histogram') {
    return family.samples.map(({ labels, value }) => lineOf(name, labels, value));
  }
  return family.samples.flatMap((sample) => histogramLines(name, sample));
}

/** Each bucket counts what the ones below it count, too. */
function histogramLines(name: string, { labels, bounds, counts, sum }: HistogramSample): string[] {
  let count = 0;
  const buckets = counts.map((own, index) => {
    count += own;
    const le = numberText(bounds[index] ?? Infinity);
    return lineOf(`${name}_bucket`, { ...labels, le }, count);
  });
  return [...buckets, lineOf(`${name}_sum`, labels, sum), lineOf(`${name}_count`, labels, count)];
}

function lineOf(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
