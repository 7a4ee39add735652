/**
 * A scan made to hurt is no longer than its slices: a job asks often enough whether to go on, not
 * without end, and ends where it is told to. Counted, because a time would depend on the machine.
 */
import t from 'tap';
import { LIMITS } from '../platform/limits.ts';
import { parseFilter } from '../scim/filter/parse.ts';
import { ask } from '../sqlite/test/asks.ts';
import { TestDatabase } from '../sqlite/test/database.ts';
import { STOP, type Job } from './messages.ts';
import { jobTools, runJob } from './run-job.ts';

const SLICES = 3;
const USERS = SLICES * LIMITS.filterSliceRows;

const data = new TestDatabase(t);
data.db.exec('BEGIN');
for (let n = 0; n < USERS; n++) {
  data.user(`u${String(n).padStart(5, '0')}`, {
    title: `Title ${n % 7}`,
    emails: [{ type: 'work', value: `work${n}@example.com` }],
  });
}
data.db.exec('COMMIT');

function joined(count: number, by: 'and' | 'or', condition: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => condition(n)).join(` ${by} `);
}

/** Each names some hundred conditions at most. */
const FILTERS: Readonly<Record<string, string>> = {
  'a text that every value contains': 'userName co ""',
  'texts in one attribute': joined(400, 'or', (n) => `title co "${n}#"`),
  'alternatives that all must hold': joined(
    100,
    'and',
    (n) => `(title co "a${n}" or emails.value co "b${n}")`,
  ),
  'texts in an element': `emails[${joined(400, 'or', (n) => `value co "#${n}"`)}]`,
  'a list of not': joined(300, 'and', (n) => `not (title eq "${n}")`),
  'names of groups': joined(200, 'or', (n) => `groups.display co "${n}"`),
  'what no column holds': joined(200, 'or', (n) => `meta.location co "#${n}"`),
};

for (const [name, filter] of Object.entries(FILTERS)) {
  t.test(name, (t) => {
    const { filterLength, filterDepth, filterNodes } = LIMITS;
    const parsed = parseFilter(filter, {
      maxLength: filterLength,
      maxDepth: filterDepth,
      maxNodes: filterNodes,
    });
    const types = [{ name: 'User', filter: parsed, links: false }];
    const job: Job = { kind: 'search', ask: { ...ask({ count: 1 }), types } };

    let asked = 0;
    const whole = jobTools(data.reader(t));
    runJob(whole, job, () => {
      asked++;
      return STOP.no;
    });
    t.ok(asked > SLICES, `asked ${asked} times: at least once a slice`);
    t.ok(asked < SLICES * 4 + LIMITS.filterNodes, `asked ${asked} times: a bounded number`);

    for (const last of new Set([1, 2, Math.ceil(asked / 2), asked])) {
      let count = 0;
      const stopped = (): number => (++count >= last ? STOP.gone : STOP.no);
      t.throws(() => runJob(jobTools(data.reader(t)), job, stopped), { code: 'abandoned' });
      t.equal(count, last, 'it ends where it is told to');
    }
    t.end();
  });
}
