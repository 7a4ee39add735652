/**
 * A V8 CPU profile as a tree of functions with the time spent in each. Pure. Samples outside a window
 * are left out, so that a flame shows the load and not the start.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';

export interface Frame {
  readonly name: string;
  /** File and line, or '' for what is V8's own. */
  readonly place: string;
  /** Time in it and in what it calls. */
  totalUs: number;
  /** Time in it alone. */
  selfUs: number;
  readonly children: Map<string, Frame>;
}

/** On the clock of the samples: monotonic microseconds. */
export interface ProfileWindow {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Where a thread waits for work, a filter worker inside piscina; a flame shows work. */
const WAITING: ReadonlySet<string> = new Set(['(idle)', 'atomicsWaitLoop']);

/** @throws Error when the text is no CPU profile */
export function foldProfile(text: string, window?: ProfileWindow): Frame {
  const profile = JSON.parse(text) as JsonValue;
  if (!isObject(profile)) throw new Error('a CPU profile is an object');
  const nodes = new Map(objects(profile['nodes']).map((node) => [numberOf(node['id']), node]));
  const parents = new Map<number, number>();
  for (const [id, node] of nodes)
    for (const child of numbers(node['children'])) parents.set(child, id);

  const root: Frame = frame('all', '');
  const samples = numbers(profile['samples']);
  const deltas = numbers(profile['timeDeltas']);
  let atUs = numberOf(profile['startTime']);
  for (const [index, sample] of samples.entries()) {
    atUs += deltas[index] ?? 0;
    // A sample stands for the time until the next one.
    const us = Math.max(0, deltas[index + 1] ?? 0);
    if (window !== undefined && (atUs < window.fromUs || atUs > window.toUs)) continue;
    const path = pathOf(sample, parents, nodes);
    if (!path.some(({ name }) => WAITING.has(name))) add(root, path, us);
  }
  return root;
}

function add(root: Frame, path: readonly { name: string; place: string }[], us: number): void {
  let at = root;
  at.totalUs += us;
  for (const { name, place } of path) {
    const key = `${name} ${place}`;
    const child = at.children.get(key) ?? frame(name, place);
    at.children.set(key, child);
    child.totalUs += us;
    at = child;
  }
  at.selfUs += us;
}

/** From below the root to the sampled function. */
function pathOf(
  sample: number,
  parents: ReadonlyMap<number, number>,
  nodes: ReadonlyMap<number, JsonObject>,
): { name: string; place: string }[] {
  const path: { name: string; place: string }[] = [];
  for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
    const call = nodes.get(id)?.['callFrame'];
    if (!isObject(call) || call['functionName'] === '(root)') continue;
    path.push({ name: nameOf(call), place: placeOf(call) });
  }
  return path.reverse();
}

function nameOf({ functionName }: JsonObject): string {
  return typeof functionName === 'string' && functionName !== '' ? functionName : '(anonymous)';
}

/** From the repository's `src` or `node_modules` on. */
function placeOf({ url, lineNumber }: JsonObject): string {
  if (typeof url !== 'string' || url === '') return '';
  const path = /((?:src|node_modules)\/.*|node:.*)$/.exec(url)?.[1] ?? url;
  return `${path}:${numberOf(lineNumber) + 1}`;
}

function frame(name: string, place: string): Frame {
  return { name, place, totalUs: 0, selfUs: 0, children: new Map() };
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function numbers(value: JsonValue | undefined): number[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : NaN;
}

/** Whose profile it is, by the file with which a thread of the product begins; not of the main thread. */
export function threadName(text: string): string {
  const found = THREADS.find(([file]) => text.includes(file));
  return found?.[1] ?? 'other';
}

const THREADS: readonly (readonly [file: string, name: string])[] = [
  ['src/db-worker/worker.ts', 'writer'],
  ['src/db-worker/checkpoint-worker.ts', 'checkpoint'],
  ['src/filter-workers/worker.ts', 'filter'],
  ['src/backup/worker.ts', 'backup'],
  ['src/backup/jobs/', 'backup-job'],
];

export interface HotFunction {
  readonly name: string;
  readonly place: string;
  readonly selfUs: number;
}

/** Functions by the time spent in them alone, wherever they were called from. */
export function hottest(root: Frame, count: number): readonly HotFunction[] {
  const byKey = new Map<string, { name: string; place: string; selfUs: number }>();
  const visit = (at: Frame): void => {
    const key = `${at.name} ${at.place}`;
    const sum = byKey.get(key) ?? { name: at.name, place: at.place, selfUs: 0 };
    sum.selfUs += at.selfUs;
    byKey.set(key, sum);
    for (const child of at.children.values()) visit(child);
  };
  visit(root);
  return [...byKey.values()].sort((one, other) => other.selfUs - one.selfUs).slice(0, count);
}
