/** What a TypeScript file imports, from its syntax tree: neither comments nor strings deceive it. */
import { posix } from 'node:path';
import ts from 'typescript';
import type { TextFile } from './repository.ts';

export interface Import {
  /** As written: `../scim/json.ts`, `node:fs`, `pino`. */
  readonly specifier: string;
  /** Path from the repository's root, for a relative import. */
  readonly path: string | undefined;
  /** `import type`: gone when the program runs. */
  readonly typeOnly: boolean;
}

export function importsOf(file: TextFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const path = specifier.startsWith('.')
      ? posix.join(posix.dirname(file.path), specifier)
      : undefined;
    found.push({ specifier, path, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      add(node.moduleSpecifier.text, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && isLoad(node.expression)) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteralLike(argument)) add(argument.text, false);
    } else if (
      ts.isNewExpression(node) &&
      node.expression.getText() === 'URL' &&
      node.arguments?.[1]?.getText() === 'import.meta.url'
    ) {
      // How workers are named: new URL('./worker.ts', import.meta.url).
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteralLike(argument)) {
        if (argument.text.endsWith('.ts')) {
          add(argument.text.replace(/^(?!\.)/, './'), true);
        }
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) add(literal.text, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true));
  return found;
}

function isLoad(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || callee.getText() === 'require';
}
