/** Attribute indexes for tests of the reading side, as the writer's build leaves them. */
import { isObject, type JsonValue } from '../../scim/json.ts';
import { indexKeysAt, signatureOf } from '../../scim/resource/index-keys.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Connection } from '../open.ts';
import { AttributeIndexTable } from '../tables/attribute-indexes.ts';
import { AttributeKeyTable } from '../tables/attribute-keys.ts';

/** Builds what the type wants indexed, of endpoint 1, anew. @param complete of which places */
export function buildIndexes(
  db: Connection,
  type: ResourceType,
  complete: (path: string) => boolean = () => true,
): void {
  const indexes = new AttributeIndexTable(db);
  const keys = new AttributeKeyTable(db);
  db.exec('DELETE FROM attribute_keys; DELETE FROM attribute_indexes');
  const documents = db
    .prepare<[string], { row: number; document: string }>(
      'SELECT row, document FROM resources WHERE endpoint = 1 AND type = ?',
    )
    .all(type.name);
  for (const place of type.indexed) indexes.add(1, type.name, signatureOf(place));
  for (const { number, signature } of indexes.ofEndpoint(1)) {
    const place = type.indexed.find((each) => signatureOf(each) === signature);
    if (place === undefined || !complete(place.leaf.path)) continue;
    for (const { row, document } of documents) {
      const resource = JSON.parse(document) as JsonValue;
      if (isObject(resource)) keys.add(number, indexKeysAt(place, resource), row);
    }
    indexes.setBuiltTo(number, null);
  }
}
