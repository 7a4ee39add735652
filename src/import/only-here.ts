/**
 * Resources that are here under an endpoint of the source, and that the source does not have: deleted
 * there since an earlier import, or made here since. Nobody can tell which, so that each is told, and
 * stays: a user who was to lose access would keep it unnoticed.
 */
import type { Place as PlaceInOrder } from '../scim/messages/cursor.ts';
import { Notes } from './findings.ts';
import type { Tally } from './options.ts';
import type { Place } from './places.ts';
import type { ResourceImport } from './resources.ts';

/** Resources of one page; their documents are in memory together. */
const PAGE_ROWS = 500;

export async function noteOnlyHere(
  work: Pick<ResourceImport, 'places' | 'source' | 'store' | 'findings'>,
  type: 'User' | 'Group',
  tally: Tally,
): Promise<void> {
  for (const place of work.places.values()) {
    if (place.isNew || !place.registry.typesByName.has(type)) continue;
    for await (const ids of idsHere(work, place, type)) {
      const there = work.source.idsAmong(`Scim${type}`, place.endpoint.id, ids);
      for (const id of ids) {
        if (there.has(id)) continue;
        tally.onlyHere += 1;
        const notes = new Notes(work.findings, { endpoint: place.endpoint.name, type, id });
        notes.add(
          'differs',
          '',
          'is here, and not in the source: delete it if it was deleted there',
        );
      }
    }
  }
}

async function* idsHere(
  { store }: Pick<ResourceImport, 'store'>,
  { endpoint }: Place,
  type: string,
): AsyncGenerator<string[]> {
  const types = [{ name: type, filter: undefined, links: false }];
  const rest = { endpointId: endpoint.id, types, sort: undefined, count: PAGE_ROWS, base: '' };
  let place: PlaceInOrder | undefined = { backwards: false, position: undefined };
  while (place !== undefined) {
    const start = { by: 'cursor', place } as const;
    const { resources, next } = await store.search({ ...rest, start });
    yield resources.map(({ id }) => id);
    place = next;
  }
}
