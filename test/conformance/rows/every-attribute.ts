/** For rows that hold of each attribute of each schema a server describes. */
import type { JsonObject } from '../../../src/scim/json.ts';
import { allAttributes } from '../described.ts';
import type { RowContext } from '../row-context.ts';

/** @param holds whether an attribute, named `URN:name.sub`, is as expected */
export async function everyAttribute(
  c: RowContext,
  expected: string,
  holds: (attribute: JsonObject, path: string) => boolean,
): Promise<void> {
  const schemas = (await c.get('/Schemas')).is(200);
  const attributes = allAttributes(schemas.resources);
  schemas.expect(attributes.length > 0, 'schemas with attributes');
  for (const [path, attribute] of attributes) {
    schemas.expect(holds(attribute, path), `${expected} of ${path}`, attribute);
  }
}
