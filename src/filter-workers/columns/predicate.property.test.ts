/** A filter over columns holds of the resources that the evaluator says it holds of. */
import fc from 'fast-check';
import t from 'tap';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { compileFilter } from '../../scim/filter/evaluate.ts';
import { isObject, type JsonObject } from '../../scim/json.ts';
import { deviceType } from '../../scim/schema/test/types.ts';
import { ScimError } from '../../scim/errors.ts';
import { huntOf } from '../../../test/support/hunt.ts';
import { anyDevice, anyFilter } from '../test/random-filters.ts';
import { AttributeTable } from './attribute-table.ts';
import { MaskPool } from './mask.ts';
import { slotMask } from './predicate.ts';
import { wantedBy, type Wanted } from './wanted.ts';

const RUNS = 40_000;
/** What one filter has left in a mask must not matter to the next. */
const pool = new MaskPool();

t.test('columns and the evaluator agree', async (t) => {
  const { seed, runs } = huntOf(t, 'COLUMNS', { seed: 11, runs: RUNS });
  let compared = 0;
  fc.assert(
    fc.property(anyFilter, fc.array(anyDevice, { maxLength: 5 }), (filter, devices) => {
      const holds = evaluator(filter);
      const wanted = wantedBy(filter, undefined, deviceType);
      if (holds === undefined || wanted === undefined) return true;
      compared += 1;
      const tables = tablesOf(wanted, devices);
      const tableOf = (path: string): AttributeTable => {
        const table = tables.get(path);
        if (table === undefined) throw new Error(`no table of ${path}`);
        return table;
      };
      const slots = devices.length;
      const mask = slotMask(filter, {
        type: deviceType,
        slots,
        tableOf,
        pool,
        keepGoing: () => undefined,
      });
      pool.give(mask);
      return devices.every((device, slot) => holds(device) === (mask[slot] === 1));
    }),
    { seed, numRuns: runs },
  );
  t.ok(compared > runs / 10, `${compared} filters were compared`);
});

/** Undefined when the filter is refused. */
function evaluator(filter: FilterNode): ((device: JsonObject) => boolean) | undefined {
  try {
    return compileFilter(filter, deviceType);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

function tablesOf(wanted: Wanted, devices: readonly JsonObject[]): Map<string, AttributeTable> {
  const tables = new Map<string, AttributeTable>();
  for (const [path, { urn, attribute, keys }] of wanted) {
    const table = new AttributeTable(attribute, keys);
    for (const device of devices) {
      const holder = urn === undefined ? device : device[urn];
      table.push(isObject(holder) ? holder[attribute.name] : undefined);
    }
    tables.set(path, table);
  }
  return tables;
}
