/**
 * Endpoints of the source: made here with their own ids, so that URLs stay. The endpoint `default` of
 * a new database gives way to the source's, as long as nobody has touched it.
 */
import { ScimError } from '../scim/errors.ts';
import type { JsonObject } from '../scim/json.ts';
import { sameValue } from '../scim/same-value.ts';
import type { ScimServerFile } from '../sqlite/scimserver/file.ts';
import type { ForeignRow } from '../sqlite/scimserver/tables.ts';
import type { EndpointFields } from '../store/commands.ts';
import type { Endpoint } from '../store/endpoint.ts';
import type { Store } from '../store/store.ts';
import { type Findings, Notes } from './findings.ts';
import { settingsOfFlags } from './flags.ts';
import type { ImportOptions, Tally } from './options.ts';
import { type Place, placeMaker } from './places.ts';
import { booleanOf, idOf, shown, textOf, timeOf } from './values.ts';

/** As the admin API has it: it stands in URLs. */
const NAME = /^[a-zA-Z0-9_-]{1,255}$/;
/** As the admin API has it. */
const DISPLAY_NAME_LENGTH = 255;
const DESCRIPTION_LENGTH = 1000;

/** What the first start of a server calls the endpoint that it makes. */
const DEFAULT = 'default';

/** What the source says of an endpoint, as fields here. */
interface Wanted {
  readonly id: string;
  readonly fields: EndpointFields & { readonly name: string; readonly config: JsonObject };
  readonly created: number;
  readonly lastModified: number;
}

/** Where it goes. */
interface Settled {
  readonly endpoint: Endpoint;
  readonly isNew: boolean;
}

/** @returns where resources go, by id of the endpoint; those that were refused are not in it */
export async function importEndpoints(
  source: ScimServerFile,
  store: Store,
  options: ImportOptions,
  findings: Findings,
  tally: Tally,
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const placeOf = placeMaker();
  for (const row of source.endpoints()) {
    tally.read += 1;
    const about = { endpoint: shown(row.name), type: 'Endpoint', id: shown(row.id) };
    const notes = new Notes(findings, about);
    const wanted = wantedOf(row, options, notes);
    const settled = wanted && (await settle(wanted, store, options, notes, tally));
    if (settled === undefined) tally.refused += 1;
    else {
      places.set(settled.endpoint.id, placeOf(settled.endpoint, settled.isNew));
      await removeLeftAside(store, settled.endpoint, options.now, notes);
    }
  }
  return places;
}

function wantedOf(
  row: ForeignRow<'Endpoint'>,
  { now, keepUnknown }: ImportOptions,
  notes: Notes,
): Wanted | undefined {
  const id = idOf(row.id);
  const name = textOf(row.name);
  if (id === undefined || name === undefined || !NAME.test(name)) {
    notes.add(
      'refused',
      'name',
      'takes 1 to 255 letters, digits, "_" and "-", and needs an id that can stand in a URL',
    );
    return undefined;
  }
  const config = settingsOfFlags(row.config, notes);
  if (keepUnknown) config['unknownAttributes'] = 'keep';
  const created = timeOf(row.createdAt) ?? timeOf(row.updatedAt) ?? now;
  return {
    id,
    fields: {
      name,
      displayName: cut(textOf(row.displayName), DISPLAY_NAME_LENGTH, 'displayName', notes),
      description: cut(textOf(row.description), DESCRIPTION_LENGTH, 'description', notes),
      config,
      active: booleanOf(row.active) ?? true,
    },
    created,
    lastModified: timeOf(row.updatedAt) ?? created,
  };
}

async function settle(
  wanted: Wanted,
  store: Store,
  options: ImportOptions,
  notes: Notes,
  tally: Tally,
): Promise<Settled | undefined> {
  const { id, fields } = wanted;
  const present = store.endpoint(id);
  if (present?.id === id) {
    const problem = difference(present, wanted);
    if (problem === undefined) tally.unchanged += 1;
    else if (!options.overwrite) {
      tally.differing += 1;
      notes.add('differs', problem, 'the endpoint here has another, and keeps it');
    } else if (await overwrite(store, present, wanted, notes)) tally.overwritten += 1;
    else return undefined;
    const endpoint = store.endpoint(id);
    return endpoint && { endpoint, isNew: false };
  }
  const namesake = store.endpoint(fields.name);
  if (namesake !== undefined) {
    if (namesake.name !== DEFAULT || !(await isUntouched(store, namesake))) {
      notes.add(
        'refused',
        'name',
        `an endpoint of this name is here already (${namesake.id}): rename it, and import again`,
      );
      return undefined;
    }
    // It steps aside first, and goes only when the other is there: its place may not be to be had.
    await rename(store, namesake, asideName(namesake.name, namesake.id));
  }
  const endpoint = await create(store, wanted, notes);
  if (namesake !== undefined) {
    if (endpoint === undefined) await rename(store, namesake, namesake.name);
    else await giveWay(store, namesake, options.now, notes);
  }
  if (endpoint === undefined) return undefined;
  tally.taken += 1;
  return { endpoint, isNew: true };
}

/** @returns whether it could be done; why not is told, and the endpoint stays as it was */
async function overwrite(
  store: Store,
  present: Endpoint,
  { id, fields, lastModified }: Wanted,
  notes: Notes,
): Promise<boolean> {
  const config = { ...present.config, ...fields.config };
  try {
    await store.write({
      kind: 'updateEndpoint',
      endpointId: id,
      now: lastModified,
      fields: { ...fields, config: { ...config } },
      log: undefined,
    });
    return true;
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    notes.add('refused', '', error.message);
    return false;
  }
}

/** With the time that it has: it counts as untouched afterwards. */
async function rename(store: Store, { id, createdAt }: Endpoint, name: string): Promise<void> {
  await store.write({
    kind: 'updateEndpoint',
    endpointId: id,
    now: createdAt,
    fields: {
      name,
      displayName: undefined,
      description: undefined,
      config: undefined,
      active: undefined,
    },
    log: undefined,
  });
}

async function giveWay(store: Store, { id }: Endpoint, now: number, notes: Notes): Promise<void> {
  await store.write({ kind: 'deleteEndpoint', endpointId: id, now, log: undefined });
  notes.add('changed', 'name', `the untouched endpoint of this name here (${id}) gave way to it`);
}

/** One that stepped aside in an import that ended before it could go. Nobody else gives such a name. */
async function removeLeftAside(
  store: Store,
  { name }: Endpoint,
  now: number,
  notes: Notes,
): Promise<void> {
  if (name !== DEFAULT) return;
  for (const left of store.endpoints()) {
    if (left.name !== asideName(name, left.id) || !(await isUntouched(store, left))) continue;
    await giveWay(store, left, now, notes);
  }
}

function asideName(name: string, id: string): string {
  return `${name}-${id}`;
}

async function create(
  store: Store,
  { id, fields, created, lastModified }: Wanted,
  notes: Notes,
): Promise<Endpoint | undefined> {
  try {
    await store.write({
      kind: 'createEndpoint',
      endpointId: id,
      now: lastModified,
      created,
      fields,
      log: undefined,
    });
    return store.endpoint(id);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    notes.add('refused', '', error.message);
    return undefined;
  }
}

/** @returns the first field that is another one here; settings that the source does not speak of count not */
function difference(present: Endpoint, { fields }: Wanted): string | undefined {
  if (present.name !== fields.name) return 'name';
  if (present.displayName !== fields.displayName) return 'displayName';
  if (present.description !== fields.description) return 'description';
  if (present.active !== fields.active) return 'active';
  const config = JSON.parse(JSON.stringify(present.config)) as JsonObject;
  return Object.keys(fields.config).find((name) => !sameValue(config[name], fields.config[name]));
}

/** But for its name as the first start of a server makes it: empty, and never changed. What an operator made never gives way. */
async function isUntouched(store: Store, endpoint: Endpoint): Promise<boolean> {
  const { id, displayName, description, active, config, createdAt, updatedAt } = endpoint;
  if (!active || displayName !== null || description !== null) return false;
  if (Object.keys(config).length > 0 || createdAt !== updatedAt) return false;
  if (store.credentials(id).length > 0) return false;
  const { resources } = await store.endpointStats(id);
  return Object.values(resources).every((count) => count === 0);
}

function cut(text: string | undefined, length: number, path: string, notes: Notes): string | null {
  if (text === undefined) return null;
  if (text.length <= length) return text;
  notes.add('changed', path, `cut to ${length} characters`);
  return text.slice(0, length);
}
