/**
 * Calls that have one place or none: the environment is read by config, time and randomness are
 * handed in, output goes through the log, nothing is evaluated. Judged on the syntax tree, so that
 * comments and strings may speak of them.
 */
import t from 'tap';
import ts from 'typescript';
import type { TextFile } from './repository.ts';
import { filesUnder, isTest } from './repository.ts';

interface Ban {
  readonly what: string;
  readonly appliesTo: (path: string) => boolean;
  readonly matches: (node: ts.Node) => boolean;
}

const inProduct = (path: string): boolean => path.startsWith('src/') && !isTest(path);
const inScim = (path: string): boolean => path.startsWith('src/scim/') && !isTest(path);
/** uWebSockets.js takes the bound on its headers from the environment only, hence native.ts. */
const readsEnvironment = (path: string): boolean =>
  path.startsWith('src/platform/') || ['src/main.js', 'src/http/native.ts'].includes(path);

const BANS: readonly Ban[] = [
  { what: 'console', appliesTo: inProduct, matches: (node) => isName(node, 'console') },
  {
    what: 'process.env',
    appliesTo: (path) => inProduct(path) && !readsEnvironment(path),
    matches: (node) => isMember(node, 'process', 'env'),
  },
  {
    what: 'Math.random',
    appliesTo: inProduct,
    matches: (node) => isMember(node, 'Math', 'random'),
  },
  { what: 'Date.now', appliesTo: inScim, matches: (node) => isMember(node, 'Date', 'now') },
  {
    what: 'performance.now',
    appliesTo: inScim,
    matches: (node) => isMember(node, 'performance', 'now'),
  },
  {
    what: 'new Date()',
    appliesTo: inScim,
    matches: (node) =>
      ts.isNewExpression(node) &&
      isName(node.expression, 'Date') &&
      (node.arguments?.length ?? 0) === 0,
  },
  { what: 'Buffer', appliesTo: inScim, matches: (node) => isName(node, 'Buffer') },
  { what: 'crypto', appliesTo: inScim, matches: (node) => isName(node, 'crypto') },
  {
    what: 'eval',
    appliesTo: () => true,
    matches: (node) => ts.isCallExpression(node) && isName(node.expression, 'eval'),
  },
  {
    what: 'Function constructor',
    appliesTo: () => true,
    matches: (node) =>
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      isName(node.expression, 'Function'),
  },
  {
    what: 'default export',
    appliesTo: () => true,
    matches: (node) =>
      ts.isExportAssignment(node) ||
      (ts.canHaveModifiers(node) &&
        ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true),
  },
  {
    what: 'export *',
    appliesTo: inProduct,
    matches: (node) => ts.isExportDeclaration(node) && node.exportClause === undefined,
  },
];

/** A name used as a value; not a property called so, nor a type. */
function isName(node: ts.Node, name: string): boolean {
  if (!ts.isIdentifier(node) || node.text !== name) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  return !ts.isPropertyAssignment(parent) || parent.name !== node;
}

function isMember(node: ts.Node, object: string, member: string): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return isName(node.expression, object) && node.name.text === member;
  }
  return (
    ts.isElementAccessExpression(node) &&
    isName(node.expression, object) &&
    ts.isStringLiteral(node.argumentExpression) &&
    node.argumentExpression.text === member
  );
}

/** @returns one line for each banned use */
function bannedUses({ path, text }: TextFile): string[] {
  const bans = BANS.filter(({ appliesTo }) => appliesTo(path));
  const found: string[] = [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const visit = (node: ts.Node): void => {
    for (const { what, matches } of bans) {
      if (!matches(node)) continue;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${what}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

t.test('nothing banned is used', async (t) => {
  const files = ['src', 'bench', 'docs', 'test'].flatMap((folder) => filesUnder(folder, '.ts'));
  t.same(files.flatMap(bannedUses), []);
});

t.test('each ban can be seen to bite', async (t) => {
  const uses = (path: string, text: string) =>
    bannedUses({ path, text }).map((line) => line.split(': ')[1]);
  t.same(uses('src/http/a.ts', `console.log(1)`), ['console']);
  t.same(uses('src/http/a.ts', `const p = process.env.PORT`), ['process.env']);
  t.same(uses('src/http/a.ts', `const p = process['env']`), ['process.env']);
  t.same(uses('src/http/a.ts', `Math.random()`), ['Math.random']);
  t.same(uses('src/scim/a.ts', `Date.now()`), ['Date.now']);
  t.same(uses('src/scim/a.ts', `performance.now()`), ['performance.now']);
  t.same(uses('src/scim/a.ts', `new Date()`), ['new Date()']);
  t.same(uses('src/scim/a.ts', `Buffer.from(x)`), ['Buffer']);
  t.same(uses('src/scim/a.ts', `crypto.randomUUID()`), ['crypto']);
  t.same(uses('bench/a.ts', `eval('1')`), ['eval']);
  t.same(uses('test/a.ts', `new Function('1')`), ['Function constructor']);
  t.same(uses('src/a.ts', `export default 1`), ['default export']);
  t.same(uses('src/a.ts', `export default function f() {}`), ['default export']);
  t.same(uses('src/a.ts', `export * from './b.ts'`), ['export *']);
  t.same(uses('src/main.js', `process.env`), []);
  t.same(uses('src/platform/config.ts', `process.env`), []);
  t.same(uses('src/scim/a.ts', `new Date(0) // Date.now() and console`), []);
  t.same(uses('src/scim/a.ts', `const x = { console: 1 }; x.console`), []);
  t.same(uses('src/scim/a.test.ts', `Date.now()`), []);
});
