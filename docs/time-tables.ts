/** The tables of PERFORMANCE.md that are made from time-shares.ts, each between two marks. */
import { READ, type RequestTime, WRITE } from './time-shares.ts';

/**
 * @param text of PERFORMANCE.md
 * @returns the same with the tables as the shares have them
 * @throws Error when a table has no place in it
 */
export function withTimeTables(text: string): string {
  return [WRITE, READ].reduce(withTable, text);
}

const END = '<!-- end of the shares -->';

function withTable(text: string, request: RequestTime): string {
  const begin = `<!-- shares of ${request.title.toLowerCase()}, from docs/time-shares.ts by \`npm run docs\` -->`;
  const at = text.indexOf(begin);
  const end = text.indexOf(END, at);
  if (at === -1 || end === -1) throw new Error(`docs/PERFORMANCE.md lacks ${begin} or ${END}`);
  return `${text.slice(0, at)}${begin}\n\n${tableOf(request)}\n\n${text.slice(end)}`;
}

/** Two columns for each thread that was looked into. */
function tableOf({ threads }: RequestTime): string {
  const shown = threads.filter(({ pieces }) => pieces.length > 0);
  const titles = shown.flatMap(({ name, told }) => [
    told === undefined ? name : `${name}, ${told}`,
    'share',
  ]);
  const count = Math.max(...shown.map(({ pieces }) => pieces.length));
  const rows = Array.from({ length: count }, (_, at) =>
    shown.flatMap(({ pieces }) => {
      const piece = pieces[at];
      return piece === undefined ? ['', ''] : [piece.what, `${piece.percent} %`];
    }),
  );
  const lines = [titles, shown.flatMap(() => ['---', '---:']), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
