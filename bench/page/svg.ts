/** Small SVG plots as text, with classes for colours, so that one page can be light and dark. */

export interface Series {
  readonly name: string;
  /** A colour of the page's style. */
  readonly tone: Tone;
  /** Another one of the same tone: it is dashed. */
  readonly isAgain?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export type Tone = 'a' | 'b' | 'c';

/** A stretch of the x axis in which something else went on. */
export interface Band {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Axis {
  /** Of the plot's own numbers, after `scale`. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
  readonly title: string;
}

const WIDTH = 460;
const HEIGHT = 240;
const LEFT = 72;
const RIGHT = 26;
const TOP = 14;
const BOTTOM = 44;

/** @param points of each series in the axes' numbers, in the order of x */
export function linePlot(
  title: string,
  x: Axis,
  y: Axis,
  series: readonly Series[],
  bands: readonly Band[] = [],
): string {
  const toX = (value: number): number =>
    LEFT + ((value - x.from) / (x.to - x.from)) * (WIDTH - LEFT - RIGHT);
  const toY = (value: number): number =>
    HEIGHT - BOTTOM - ((value - y.from) / (y.to - y.from)) * (HEIGHT - TOP - BOTTOM);
  const grid = [
    ...x.ticks.map(({ at, label }) => {
      const px = fixed(toX(at));
      return `<path class="grid" d="M${px} ${TOP}V${HEIGHT - BOTTOM}"/><text class="mid" x="${px}" y="${HEIGHT - BOTTOM + 16}">${escaped(label)}</text>`;
    }),
    ...y.ticks.map(({ at, label }) => {
      const py = fixed(toY(at));
      return `<path class="grid" d="M${LEFT} ${py}H${WIDTH - RIGHT}"/><text class="end" x="${LEFT - 6}" y="${fixed(toY(at) + 4)}">${escaped(label)}</text>`;
    }),
  ];
  const shaded = bands.map(({ kind, from, to }) => {
    const left = toX(Math.max(from, x.from));
    // Wide enough to be seen.
    const width = Math.max(1, toX(Math.min(to, x.to)) - left);
    return `<rect class="band ${escaped(kind)}" x="${fixed(left)}" y="${TOP}" width="${fixed(width)}" height="${HEIGHT - TOP - BOTTOM}"><title>${escaped(kind)}</title></rect>`;
  });
  const lines = series.map(({ name, tone, isAgain = false, points }) => {
    const path = points
      .map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${fixed(toX(px))} ${fixed(toY(py))}`)
      .join('');
    return `<path class="line ${tone}${isAgain ? ' again' : ''}" d="${path}"><title>${escaped(name)}</title></path>`;
  });
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><title>${escaped(title)}</title>` +
    `${shaded.join('')}${grid.join('')}${lines.join('')}` +
    `<text class="mid axis" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}">${escaped(x.title)}</text>` +
    `<text class="mid axis" transform="translate(11 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${escaped(y.title)}</text></svg>`
  );
}

export interface Bar {
  readonly label: string;
  /** 0 to 1. */
  readonly share: number;
  readonly text: string;
}

/** Horizontal bars, each on a track that stands for the whole. */
export function barPlot(title: string, bars: readonly Bar[]): string {
  const step = 30;
  const label = 190;
  const track = 420;
  const height = bars.length * step + 6;
  const rows = bars.map(({ label: name, share, text }, index) => {
    const y = index * step + 6;
    const width = fixed(track * Math.min(1, Math.max(0, share)));
    return (
      `<text class="end" x="${label - 10}" y="${y + 14}">${escaped(name)}</text>` +
      `<rect class="track" x="${label}" y="${y}" width="${track}" height="20" rx="4"/>` +
      `<rect class="bar" x="${label}" y="${y}" width="${width}" height="20" rx="4"/>` +
      `<text x="${label + track + 10}" y="${y + 14}">${escaped(text)}</text>`
    );
  });
  return `<svg viewBox="0 0 ${label + track + 230} ${height}" role="img"><title>${escaped(title)}</title>${rows.join('')}</svg>`;
}

/** For text between tags and in attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function fixed(value: number): string {
  return value.toFixed(1);
}
