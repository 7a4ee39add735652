/**
 * The picture of PERFORMANCE.md: two bars, a write and a read, each as long as the server's CPU time
 * for it, in pieces by thread and by what is done. One SVG with its own paper, light and dark, and
 * nothing from elsewhere.
 */
import { type Piece, READ, type RequestTime, type ThreadTime, WRITE } from './time-shares.ts';

const WIDTH = 1080;
const LEFT = 30;
const BAR_WIDTH = WIDTH - 2 * LEFT;
const BAR_HEIGHT = 40;
const ROW = 22;
/** From a panel's top. */
const LOAD_Y = 23;
const THREAD_Y = 56;
const BRACKET_Y = 64;
const BAR_Y = 84;
const AXIS_Y = BAR_Y + BAR_HEIGHT + 20;
const LEGEND_Y = AXIS_Y + 40;
const LEGEND_WIDTH = 470;
const TENTHS_BELOW_US = 100;
/** Narrower, a number stands above its piece. */
const NUMBER_WIDTH_MIN = 12;
/** In the order of the threads; the last one, whatever it is, has `other`. */
const TONES = ['main', 'writer', 'third'] as const;

const STYLE = `
    .paper { fill: #ffffff; stroke: #d0d7de; }
    .main { fill: #ddf4ff; }
    .main.odd { fill: #b6e3ff; }
    .writer { fill: #fff1e5; }
    .writer.odd { fill: #ffd8b5; }
    .third { fill: #dafbe1; }
    .other { fill: #eaeef2; }
    .piece { stroke: #57606a; stroke-width: 0.75; }
    .bracket { fill: none; stroke: #57606a; stroke-width: 1.5; }
    text { fill: #1f2328; font: 14px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
    .title { font-size: 18px; font-weight: 600; }
    .soft { font-size: 13px; fill: #57606a; }
    .row { font-size: 13px; }
    .number { font-size: 12px; }
    .mid { text-anchor: middle; }
    .end { text-anchor: end; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117; stroke: #30363d; }
      .main { fill: #0c2d6b; }
      .main.odd { fill: #14479e; }
      .writer { fill: #4b2110; }
      .writer.odd { fill: #7a3a15; }
      .third { fill: #0f3d1f; }
      .other { fill: #30363d; }
      .piece, .bracket { stroke: #8b949e; }
      text { fill: #e6edf3; }
      .soft { fill: #9da7b3; }
    }
  `;

/** @returns the SVG */
export function timePicture(): string {
  const first = panel(WRITE, 44);
  const second = panel(READ, first.bottom + 56);
  const height = second.bottom + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title what">
  <title id="title">Where the time of a write and of a read goes</title>
  <desc id="what">${escaped([WRITE, READ].map(sentence).join(' '))}</desc>
  <style>${STYLE}</style>
  <rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="12" />
${[...first.parts, ...second.parts].map((part) => `  ${part}`).join('\n')}
</svg>
`;
}

interface Panel {
  readonly parts: readonly string[];
  readonly bottom: number;
}

function panel(request: RequestTime, top: number): Panel {
  const { title, load, us } = request;
  const threads = request.threads.map((thread) => ({ ...thread, pieces: piecesOf(thread) }));
  const parts = [
    text('title', LEFT, top, `${title}: ${us} µs of the server's CPU`),
    text('soft', LEFT, top + LOAD_Y, load),
    ...axis(us, top),
  ];
  let x = LEFT;
  let legendX = LEFT;
  let rows = 0;
  for (const [index, thread] of threads.entries()) {
    const isLast = index === threads.length - 1;
    const tone = (isLast ? undefined : TONES[index]) ?? 'other';
    const threadUs = thread.share * us;
    parts.push(...bar(thread, tone, x, top, `${thread.name}, ${microseconds(threadUs)}`, isLast));
    if (thread.pieces.length > 0) {
      parts.push(...legend(thread, tone, legendX, top + LEGEND_Y, threadUs, us));
      legendX = WIDTH - LEFT - LEGEND_WIDTH;
      rows = Math.max(rows, thread.pieces.length);
    }
    x += thread.share * BAR_WIDTH;
  }
  return { parts, bottom: top + LEGEND_Y + rows * ROW };
}

/** With what nobody told apart, where that is something. */
function piecesOf({ pieces }: ThreadTime): readonly Piece[] {
  const rest = 100 - pieces.reduce((sum, { percent }) => sum + percent, 0);
  return pieces.length === 0 || rest === 0
    ? pieces
    : [...pieces, { what: 'everything else', percent: rest }];
}

/** @param isLast its label ends where it ends, or it would run out of the picture */
function bar(
  { share, pieces }: ThreadTime,
  tone: string,
  x: number,
  top: number,
  label: string,
  isLast: boolean,
): string[] {
  const width = share * BAR_WIDTH;
  const y = top + BRACKET_Y;
  const parts = [
    isLast ? text('end', x + width, top + THREAD_Y, label) : text('', x + 1, top + THREAD_Y, label),
    `<path class="bracket" d="M${fixed(x + 1)} ${y + 6}v-6H${fixed(x + width - 1)}v6" />`,
  ];
  if (pieces.length === 0) return [...parts, rectangle(tone, x, top + BAR_Y, width)];
  let pieceX = x;
  for (const [index, { percent }] of pieces.entries()) {
    const pieceWidth = (percent / 100) * width;
    const numberY = pieceWidth < NUMBER_WIDTH_MIN ? BAR_Y - 4 : BAR_Y + BAR_HEIGHT / 2 + 4;
    parts.push(
      rectangle(toneOf(tone, index), pieceX, top + BAR_Y, pieceWidth),
      text('number mid', pieceX + pieceWidth / 2, top + numberY, String(index + 1)),
    );
    pieceX += pieceWidth;
  }
  return parts;
}

/** What the numbers stand for. */
function legend(
  { name, pieces }: ThreadTime,
  tone: string,
  x: number,
  y: number,
  threadUs: number,
  requestUs: number,
): string[] {
  const head = [
    text('soft', x, y - 12, name),
    text('soft end', x + LEGEND_WIDTH - 80, y - 12, 'of the thread'),
    text('soft end', x + LEGEND_WIDTH, y - 12, 'time'),
  ];
  const rows = pieces.flatMap(({ what, percent }, index) => {
    const rowY = y + index * ROW;
    return [
      `<rect class="piece ${toneOf(tone, index)}" x="${x}" y="${rowY}" width="22" height="17" rx="3" />`,
      text('number mid', x + 11, rowY + 13, String(index + 1)),
      text('row', x + 32, rowY + 13, what),
      text('row end', x + LEGEND_WIDTH - 80, rowY + 13, `${percent} %`),
      text(
        'row end',
        x + LEGEND_WIDTH,
        rowY + 13,
        pieceTime((percent / 100) * threadUs, requestUs),
      ),
    ];
  });
  return [...head, ...rows];
}

function axis(us: number, top: number): string[] {
  const step = us > 100 ? 20 : 5;
  const marks = Array.from({ length: Math.floor(us / step) + 1 }, (_, index) => index * step);
  return marks.flatMap((at) => {
    const x = LEFT + (at / us) * BAR_WIDTH;
    const y = top + BAR_Y + BAR_HEIGHT;
    return [
      `<path class="bracket" d="M${fixed(x)} ${y}v5" />`,
      text('soft mid', x, top + AXIS_Y, at === 0 ? '0 µs' : String(at)),
    ];
  });
}

function sentence({ title, us, threads }: RequestTime): string {
  const shares = threads.map(({ name, share }) => `${name} ${microseconds(share * us)}`);
  return `${title} takes ${us} µs of CPU: ${shares.join(', ')}.`;
}

function toneOf(tone: string, index: number): string {
  return index % 2 === 0 ? tone : `${tone} odd`;
}

function rectangle(classes: string, x: number, y: number, width: number): string {
  return `<rect class="piece ${classes}" x="${fixed(x)}" y="${y}" width="${fixed(width)}" height="${BAR_HEIGHT}" />`;
}

function text(classes: string, x: number, y: number, content: string): string {
  const named = classes === '' ? '' : ` class="${classes}"`;
  return `<text${named} x="${fixed(x)}" y="${fixed(y)}">${escaped(content)}</text>`;
}

/** To the microsecond: the shares of threads are no better known. */
function microseconds(us: number): string {
  return `${us.toFixed(0)} µs`;
}

/** To a tenth where that is much: of a short request, and of next to nothing. */
function pieceTime(us: number, requestUs: number): string {
  const isTenths = requestUs < TENTHS_BELOW_US || us < 0.95;
  return isTenths ? `${us.toFixed(1)} µs` : microseconds(us);
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
