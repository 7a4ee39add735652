/**
 * Carries out the steps of a property test and checks after each what must hold then: nothing that
 * is on a disk is lost by a restart, nothing that was shipped is lost with a disk, and no gap is told
 * unless somebody wrote past the server.
 */
import Database from 'better-sqlite3';
import { assert } from '../../platform/assert.ts';
import { Lab, until, type LabOptions, type LabServer } from './lab.ts';
import { commandsOf } from '../../../test/support/lab-commands.ts';
import { checkClaims, History, isRefusal } from './lab-claims.ts';
import type { Step } from './lab-steps.ts';
import type { LabStorage } from './lab-storage.ts';

/** How often each thing came up, over all runs. */
export type Tally = Map<string, number>;

export class LabRun {
  readonly #lab: Lab;
  readonly #tally: Tally;
  readonly #random: () => number;
  #history = new History();
  #server: LabServer | undefined;
  /** How often somebody wrote past the server: each may be told as a gap, once. */
  #strays = 0;
  #hasStrayed = false;
  /** Each leaves other content. */
  #edits = 0;
  #gapsTold = 0;
  #over = false;

  constructor(folder: string, options: LabOptions, tally: Tally, random: () => number) {
    this.#lab = new Lab(folder, options);
    this.#tally = tally;
    this.#random = random;
  }

  async run(steps: readonly Step[]): Promise<void> {
    try {
      await this.#start();
      this.#lookAround();
      await this.#snapshot();
      for (const step of steps) {
        if (this.#over) break;
        await this.#carryOut(step);
      }
      if (!this.#over) await this.#end();
    } finally {
      this.#heal();
      if (this.#server !== undefined) await this.#server.kill({ disk: 'lost' });
    }
  }

  get #now(): LabServer {
    assert(this.#server !== undefined, 'a server runs');
    return this.#server;
  }

  async #carryOut(step: Step): Promise<void> {
    const server = this.#now;
    switch (step.do) {
      case 'write':
        server.writer.commit(step.commands.flatMap(commandsOf));
        break;
      case 'purge':
        server.writer.purge();
        break;
      case 'housekeeping':
        server.writer.housekeeping();
        break;
      case 'truncateWal':
        server.writer.truncateWal();
        break;
      case 'pass':
        server.pass();
        break;
      case 'cut':
        await server.spooling.cutAt(server.writer.sequence);
        break;
      case 'ship':
        await server.ship();
        break;
      case 'snapshot':
        await this.#snapshot();
        break;
      case 'stray':
        this.#stray(step.what);
        break;
      case 'clock':
        this.#lab.clock.advance(step.ms);
        break;
      case 'fault':
        this.#lab.storages[step.storage]?.plan(...step.faults);
        break;
      case 'restart':
        await this.#restart(step.flush);
        break;
      case 'kill':
        await this.#kill(step.disk);
        break;
    }
    this.#count(step.do === 'kill' ? `disk ${step.disk}` : step.do);
    this.#lookAround();
  }

  /** After each step: remembers the content, and hears of gaps. */
  #lookAround(): void {
    if (this.#over) return;
    const { writer, gaps, fenced } = this.#now;
    this.#history.record(writer.sequence, writer.contentHash());
    assert(fenced.length === 0, `fenced without a rival: ${fenced.join()}`);
    if (gaps.length === this.#gapsTold) return;
    this.#strays -= gaps.length - this.#gapsTold;
    assert(this.#strays >= 0, `a gap without a reason: ${gaps.join()}`);
    this.#gapsTold = gaps.length;
    this.#count('gap');
  }

  #stray(what: 'update' | 'vacuum'): void {
    const db = new Database(this.#lab.databasePath);
    db.pragma('wal_autocheckpoint = 1');
    if (what === 'vacuum') db.exec('VACUUM');
    else {
      this.#edits += 1;
      db.exec(`UPDATE endpoints SET description = 'edit ${this.#edits}' WHERE id = 'e0'`);
    }
    db.close();
    this.#strays += 1;
    this.#hasStrayed = true;
  }

  async #snapshot(): Promise<void> {
    // A fault that is no fault of the backup's: it may give up after some attempts.
    await this.#now.snapshot().catch((error: unknown) => {
      this.#count('snapshot failed');
      if (!isRefusal(error)) throw error;
    });
  }

  async #restart(flush: boolean): Promise<void> {
    const { sequence } = this.#now.writer;
    const hash = this.#now.writer.contentHash();
    await this.#now.stop({ flush });
    this.#server = undefined;
    await this.#start();
    this.#expectSame(sequence, hash);
  }

  async #kill(disk: 'kept' | 'lost'): Promise<void> {
    const { sequence } = this.#now.writer;
    const hash = this.#now.writer.contentHash();
    const { shippers } = this.#now;
    const shipped = Math.max(...shippers.map((shipper) => shipper.sequence));
    // No storage has heard of a gap yet. A stray is in no segment then, but may be in a snapshot: with
    // the disk goes all that tells of it, and what holds from there on is beyond anybody's knowledge.
    const isUntold =
      this.#strays > 0 || (this.#hasStrayed && shippers.some((shipper) => shipper.needsSnapshot));
    await this.#now.kill({ disk });
    this.#server = undefined;
    await this.#start();
    if (this.#over) return;
    if (disk === 'kept') {
      this.#expectSame(sequence, hash);
      return;
    }
    const { writer } = this.#now;
    assert(writer.sequence >= shipped, `${shipped} was shipped, ${writer.sequence} is here`);
    if (this.#now.start.choice === 'new') this.#history = new History();
    else {
      const { sequence } = this.#now.start;
      const isKnown = this.#history.has(sequence, writer.restoredHash());
      assert(isKnown, `commit ${sequence} came back with other content`);
      assert(writer.sequence === sequence + 1, 'its versions were raised in one commit');
      this.#history.forgetAfter(sequence);
    }
    if (isUntold) this.#over = true;
  }

  #expectSame(sequence: number, hash: string): void {
    if (this.#over) return;
    const { writer, start } = this.#now;
    assert(start.choice === 'local', `the disk is there, but the start is ${start.choice}`);
    assert(writer.sequence === sequence, `${sequence} was committed, ${writer.sequence} is here`);
    assert(writer.contentHash() === hash, 'the content of the disk is another one');
  }

  async #start(): Promise<void> {
    // Faults of a start are tested by name elsewhere: it would be refused.
    this.#heal();
    try {
      this.#server = await this.#lab.start();
      this.#gapsTold = 0;
    } catch (error) {
      const isSpoiled = this.#lab.storages.some(({ spoiled }) => spoiled > 0);
      if (!isSpoiled || !isRefusal(error)) throw error;
      this.#count('start refused');
      this.#over = true;
    }
  }

  /** Everything is well at last: the storages catch up, and all they claim is true. */
  async #end(): Promise<void> {
    this.#heal();
    const server = this.#now;
    await server.ship();
    this.#lookAround();
    await until(
      () => server.shippers.every((shipper) => shipper.answers),
      () => JSON.stringify(server.fleet.statuses()),
    );
    if (server.shippers.some((shipper) => shipper.needsSnapshot)) {
      this.#count('snapshot needed');
      await server.snapshot();
      await server.ship();
    }
    for (const { sequence, status } of server.shippers.map((shipper) => ({
      sequence: shipper.sequence,
      status: () => JSON.stringify(shipper.status()),
    }))) {
      assert(sequence === server.writer.sequence, `not everything is shipped: ${status()}`);
    }
    for (const storage of this.#lab.storages) {
      await this.#checkClaims(storage, storage.spoiled > 0);
      await this.#damageSnapshot(storage);
    }
    if (server.writer.generation > 1) this.#count('WAL anew');
  }

  async #checkClaims({ sound }: LabStorage, spoiled: boolean): Promise<void> {
    const positions = await checkClaims({
      storage: sound,
      history: this.#history,
      jobs: this.#lab.jobs,
      scratch: this.#lab.folder,
      spoiled,
      random: this.#random,
      positionsMax: 4,
    });
    this.#tally.set('positions', (this.#tally.get('positions') ?? 0) + positions);
  }

  /** What is gone around leads to the same content, or nowhere. */
  async #damageSnapshot(storage: LabStorage): Promise<void> {
    const names = await storage.names('snapshots/');
    const name = names[Math.floor(this.#random() * names.length)];
    if (name === undefined) return;
    storage.flipBit(name);
    await this.#checkClaims(storage, true);
  }

  #heal(): void {
    for (const storage of this.#lab.storages) storage.recover();
  }

  #count(what: string): void {
    this.#tally.set(what, (this.#tally.get(what) ?? 0) + 1);
  }
}
