/**
 * A reader of our own bicep files, as far as the tests need it. There is no compiler of bicep among
 * npm packages, so it holds them to a plain form: one declaration a line, blocks by indentation.
 */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
}

export interface ModuleCall {
  readonly symbol: string;
  readonly path: string;
  readonly parameters: readonly string[];
}

/** What stands outside of strings and comments; a string keeps its quotes, and what it puts in. */
export function codeOf(text: string): string {
  return text
    .replaceAll(/'((?:\\.|\$\{[^}]*\}|[^'\\\n])*)'/g, (_whole, content: string) => {
      const inserted = [...content.matchAll(/\$\{([^}]*)\}/g)].map(([, code = '']) => code);
      return `'' ${inserted.join(' ')} `;
    })
    .replaceAll(/\/\/.*$/gm, '');
}

/** Undefined: every bracket is closed by its own kind. Else the line of the first that is not. */
export function unbalancedLine(text: string): number | undefined {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { '}': '{', ']': '[', ')': '(' };
  for (const [index, line] of codeOf(text).split('\n').entries()) {
    for (const character of line) {
      if ('{[('.includes(character)) open.push(character);
      else if (pairs[character] !== undefined && open.pop() !== pairs[character]) return index + 1;
    }
  }
  return open.length === 0 ? undefined : text.split('\n').length;
}

export function parametersOf(text: string): Parameter[] {
  return [...text.matchAll(/^param (\w+) (string|bool|int|object|array)( = .+)?$/gm)].map(
    ([, name = '', type = '', initial]) => ({ name, type, hasDefault: initial !== undefined }),
  );
}

export function outputsOf(text: string): { name: string; value: string }[] {
  return [...text.matchAll(/^output (\w+) \w+ = (.+)$/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));
}

export function modulesOf(text: string): ModuleCall[] {
  const calls = text.matchAll(/^module (\w+) '([^']+)' = (?:if \(.+\) )?\{\n([\s\S]*?)^\}/gm);
  return [...calls].map(([, symbol = '', path = '', body = '']) => {
    const block = /^ {2}params: \{\n([\s\S]*?)^ {2}\}/m.exec(body)?.[1] ?? '';
    const parameters = [...block.matchAll(/^ {4}(\w+):/gm)].map(([, name = '']) => name);
    return { symbol, path, parameters };
  });
}

/** `Microsoft.App/containerApps@2024-03-01` of each resource that is made, not only looked up. */
export function resourcesOf(text: string): { symbol: string; type: string; made: boolean }[] {
  const found = text.matchAll(/^resource (\w+) '([^']+)' (existing )?=/gm);
  return [...found].map(([, symbol = '', type = '', existing]) => ({
    symbol,
    type,
    made: existing === undefined,
  }));
}
