/**
 * The suite against the real server: every requirement by an endpoint with default settings, where
 * deviations are allowed if a row says so, and by one with preset rfc-strict, where none is. The
 * document that tells of it is compared with these very results.
 */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { rowsOf } from './all-rows.ts';
import { conformanceDocument, DOCUMENT } from './document.ts';
import { startOwnServer } from './own-server.ts';
import { runRows, type Result } from './run-rows.ts';
import { Target } from './target.ts';

const LANES = 4;

const rows = rowsOf();
const servers = await startOwnServer(t);

const [lenient, strict] = await Promise.all([
  // Both before any `t.test`: once its first tests are done, tap ends what it thinks is idle.
  Target.discover(servers.default).then((target) =>
    runRows(rows, target, { strict: false, lanes: LANES }),
  ),
  Target.discover(servers['rfc-strict']).then((target) =>
    runRows(rows, target, { strict: true, lanes: LANES }),
  ),
]);

t.test('each requirement has an id of its own and a sentence', async (t) => {
  t.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  t.same(
    rows.filter(({ requirement }) => !/^\S.{8,}\.$/.test(requirement)).map(({ id }) => id),
    [],
  );
});

t.test('an endpoint with default settings', async (t) => {
  for (const result of lenient) {
    const { row, outcome } = result;
    t.ok(outcome !== 'failed', row.id, diagnosis(result));
    if (row.deviation !== undefined) t.equal(outcome, 'deviates', `${row.id} is no deviation`);
  }
});

t.test('an endpoint with the letter of the RFCs', async (t) => {
  for (const result of strict) {
    t.ok(result.outcome !== 'failed', result.row.id, diagnosis(result));
  }
});

t.test('docs/CONFORMANCE.md tells of these results', async (t) => {
  const fresh = await conformanceDocument({ default: lenient, 'rfc-strict': strict });
  t.ok(
    readFileSync(DOCUMENT, 'utf8') === fresh,
    'docs/CONFORMANCE.md is stale: npm run conformance -- --write',
  );
});

function diagnosis({ row, reason }: Result): object {
  return { requirement: row.requirement, reason };
}
