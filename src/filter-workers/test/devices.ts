/** The devices of one random history. */
import type { JsonObject } from '../../scim/json.ts';
import type { TestDatabase } from '../../sqlite/test/database.ts';

/** `at`: of those that are there, in the order in which they came. */
export type DeviceStep =
  | { readonly kind: 'create'; readonly id: number; readonly body: JsonObject }
  | { readonly kind: 'change'; readonly at: number; readonly body: JsonObject }
  | { readonly kind: 'delete'; readonly at: number };

/** Ids that are taken are passed over. */
export class Devices {
  readonly #data: TestDatabase;
  readonly #inOrder: boolean;
  /** Before all ids: behind those of any history before. */
  readonly #prefix: string;
  readonly #there: { readonly id: string; readonly row: number }[] = [];

  /** @param inOrder whether ids come in the order in which resources do */
  constructor(data: TestDatabase, number: number, inOrder: boolean) {
    this.#data = data;
    this.#inOrder = inOrder;
    this.#prefix = `d${String(number).padStart(9, '0')}`;
  }

  apply(step: DeviceStep): void {
    if (step.kind === 'create') {
      const last = this.#there.at(-1)?.id ?? `${this.#prefix}-000`;
      const id = this.#inOrder ? nextId(last) : `${this.#prefix}-${step.id}`;
      if (this.#there.some((each) => each.id === id)) return;
      this.#there.push({ id, row: this.#data.insert('Device', id, step.body) });
      return;
    }
    const device = this.#there[step.at];
    if (device === undefined) return;
    if (step.kind === 'change') {
      this.#data.change('Device', device.row, device.id, step.body);
      return;
    }
    this.#there.splice(step.at, 1);
    this.#data.remove('Device', device.row);
  }

  /** A list without resources is as good as new. */
  clear(): void {
    for (const { row } of this.#there) this.#data.remove('Device', row);
    this.#data.db.exec('DELETE FROM resource_counts');
  }
}

function nextId(id: string): string {
  const { length } = id;
  return id.slice(0, length - 3) + String(Number(id.slice(length - 3)) + 1).padStart(3, '0');
}
