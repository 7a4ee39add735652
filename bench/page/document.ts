/** What every page is made of: a frame without anything from elsewhere, and tables. */
import { escaped } from './svg.ts';
import { STYLE } from './style.ts';

export interface PageParts {
  /** Of the browser's window. */
  readonly title: string;
  readonly heading: string;
  /** Machine, revision, size: where the figures come from. */
  readonly where: string;
  /** HTML, one after the other. */
  readonly sections: readonly string[];
}

/** @returns the HTML */
export function pageDocument({ title, heading, where, sections }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(heading)}</h1>
<p class="where">${escaped(where)}</p>
</header>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
</body>
</html>
`;
}

/** @param isWrong of a row: it is shown on the colour of what is wrong */
export function htmlTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  isWrong: (row: number) => boolean = () => false,
): string {
  const head = titles.map((title) => `<th>${escaped(title)}</th>`).join('');
  const body = rows.map((row, at) => {
    const cells = row.map((cell) => `<td>${escaped(cell)}</td>`).join('');
    return `<tr${isWrong(at) ? ' class="wrong"' : ''}>${cells}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
