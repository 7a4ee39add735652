/**
 * A storage of the lab: a folder that outlives every process and every disk of it, with a queue of
 * faults in front. Each call takes the next fault that is meant for it; when the queue is empty, the
 * storage is well.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { assert } from '../../platform/assert.ts';
import { FaultyStorage, type Fault, type Operation } from '../storage/faulty.ts';
import { LocalFolder } from '../storage/local-folder.ts';
import type { Storage } from '../storage/storage.ts';

/** A fault for the next call that it is meant for. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly operation?: Operation;
  /** Beginning of the object's name. */
  readonly prefix?: string;
}

export class LabStorage {
  readonly folder: string;
  /** Without faults. */
  readonly sound: Storage;
  /** What the backup uses. */
  readonly faulty: Storage;
  /** Set: every call has this fault. */
  outage: Fault | undefined;
  readonly #queue: PlannedFault[] = [];
  /** Faults that have acted on an object for good: what is stored is not what was sent. */
  spoiled = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.sound = new LocalFolder(folder);
    this.faulty = new FaultyStorage(this.sound, {
      next: (operation, name) => this.outage ?? this.#take(operation, name),
    });
  }

  plan(...faults: readonly PlannedFault[]): void {
    this.#queue.push(...faults);
  }

  /** From now on everything goes well again. */
  recover(): void {
    this.#queue.length = 0;
    this.outage = undefined;
  }

  /** Names of the objects that begin so, in order. */
  async names(prefix: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.sound.list(prefix, new AbortController().signal)) {
      names.push(name);
    }
    return names;
  }

  /** The newest object that begins so. */
  async newest(prefix: string): Promise<string> {
    const name = (await this.names(prefix)).at(-1);
    assert(name !== undefined, `there is an object ${prefix}`);
    return name;
  }

  /** Turns one bit of what is stored. */
  flipBit(name: string): void {
    const path = `${this.folder}/${name}`;
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
    writeFileSync(path, bytes);
  }

  remove(name: string): void {
    rmSync(`${this.folder}/${name}`);
  }

  #take(operation: Operation, name: string): Fault | undefined {
    const index = this.#queue.findIndex(
      (planned) =>
        (planned.operation ?? operation) === operation && name.startsWith(planned.prefix ?? ''),
    );
    const [planned] = index === -1 ? [] : this.#queue.splice(index, 1);
    const fault = planned?.fault;
    const spoils = fault?.kind === 'flip' || (fault?.kind === 'cut' && fault.code === undefined);
    if (operation === 'create' && spoils) this.spoiled += 1;
    return fault;
  }
}
