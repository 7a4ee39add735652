/**
 * A flame graph as one HTML page without anything from elsewhere: each box a function, as wide as its
 * time, below it what it called; beside it the functions that took most time themselves.
 */
import { STYLE } from '../page/style.ts';
import { escaped } from '../page/svg.ts';
import { type Frame, hottest } from './fold.ts';

const WIDTH = 1400;
const ROW = 18;
/** Narrower than that share nothing can be seen. */
const SHARE_MIN = 0.001;
const CHARACTER_WIDTH = 6.6;
const HOT_ROWS = 40;

const FLAME_STYLE = `
header, main { max-width: 1480px; }
.flame text { fill: #1f2328; font: 11px ui-monospace, monospace; pointer-events: none; }
.flame rect { stroke: var(--paper); stroke-width: 0.5; }
.flame rect:hover { opacity: 0.7; }
`;

/** @returns the HTML */
export function flamePage(title: string, root: Frame): string {
  const rows = hottest(root, HOT_ROWS).map(
    ({ name, place, selfUs }) =>
      `<tr><td>${escaped(name)}</td><td>${escaped(place)}</td><td>${(selfUs / 1000).toFixed(0)}</td><td>${percentOf(selfUs, root)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}${FLAME_STYLE}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1>
<p class="where">${(root.totalUs / 1e6).toFixed(2)} s at work while the load ran; waiting is left out. A box is as wide as its time, what it called is below it.</p></header>
<main>
<div class="scroll">${flame(root)}</div>
<h2>Time in a function itself</h2>
<div class="scroll"><table><thead><tr><th>function</th><th>where</th><th>ms</th><th>of all</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
</main>
</body>
</html>
`;
}

function flame(root: Frame): string {
  const boxes: string[] = [];
  let depth = 0;
  const draw = (at: Frame, x: number, row: number): void => {
    const width = (at.totalUs / Math.max(1, root.totalUs)) * WIDTH;
    if (width < WIDTH * SHARE_MIN) return;
    depth = Math.max(depth, row + 1);
    boxes.push(box(at, root, x, row, width));
    let childX = x;
    const children = [...at.children.values()].sort((one, other) => other.totalUs - one.totalUs);
    for (const child of children) {
      draw(child, childX, row + 1);
      childX += (child.totalUs / Math.max(1, root.totalUs)) * WIDTH;
    }
  };
  draw(root, 0, 0);
  return `<svg class="flame" viewBox="0 0 ${WIDTH} ${depth * ROW}" role="img"><title>Flame graph</title>${boxes.join('')}</svg>`;
}

function box(at: Frame, root: Frame, x: number, row: number, width: number): string {
  const told = `${at.name} ${at.place} · ${(at.totalUs / 1000).toFixed(1)} ms, ${percentOf(at.totalUs, root)} · itself ${(at.selfUs / 1000).toFixed(1)} ms`;
  const letters = Math.floor((width - 4) / CHARACTER_WIDTH);
  const label =
    letters < 3
      ? ''
      : `<text x="${(x + 2).toFixed(1)}" y="${row * ROW + 13}">${escaped(at.name.slice(0, letters))}</text>`;
  return `<g><title>${escaped(told)}</title><rect x="${x.toFixed(1)}" y="${row * ROW}" width="${width.toFixed(1)}" height="${ROW}" fill="${colour(at)}"/>${label}</g>`;
}

/** By whose code it is: the product's, a package's, Node's, V8's own. */
function colour({ place, name }: Frame): string {
  if (place.startsWith('src/')) return '#ffb454';
  if (place.startsWith('node_modules/')) return '#8fc7ff';
  if (place.startsWith('node:')) return '#a5d6a7';
  return name === '(garbage collector)' ? '#ff8a80' : '#d0d7de';
}

function percentOf(us: number, root: Frame): string {
  return `${((us / Math.max(1, root.totalUs)) * 100).toFixed(1)} %`;
}
