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
  readonly #there: { readonly id: string; readonly row: number }[] = [];

  constructor(data: TestDatabase) {
    this.#data = data;
  }

  apply(step: DeviceStep): void {
    if (step.kind === 'create') {
      const id = `d${step.id}`;
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

  clear(): void {
    for (const { row } of this.#there) this.#data.remove('Device', row);
  }
}
