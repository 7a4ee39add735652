/**
 * The spool: segments on the local disk that some storage does not have yet, and the place in the
 * WAL up to which everything is spooled. A segment is whole or not there (temporary name, fsync,
 * rename, fsync of the folder), and the position is written after it: a crash in between spools the
 * same commits again. The spool is lost with the disk; then nothing is left to go on from either.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { positionOf, type SpoolPosition } from './spool-position.ts';

/**
 * One segment of the spool. A run is a stretch of segments without a gap; where one run ends and
 * the next begins, commits are missing, and only a snapshot leads on.
 */
export interface SpooledSegment {
  readonly run: number;
  readonly from: number;
  readonly to: number;
  /** When the content at `to` was current, milliseconds since 1970. */
  readonly at: number;
  /** Of the file, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
}

const POSITION_FILE = 'position.json';
const SEGMENT_NAME = /^(\d{8})-(\d{16})-(\d{16})-(\d{14})-([0-9a-f]{64})\.wal\.zst$/;

export class Spool {
  readonly #folder: string;
  #segments: SpooledSegment[] = [];
  #position: SpoolPosition | undefined;
  #bytes = 0;
  #drafts = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Creates the folder when it is missing; what a crash left unfinished is removed. */
  static open(folder: string): Spool {
    mkdirSync(folder, { recursive: true });
    const spool = new Spool(folder);
    spool.#read();
    return spool;
  }

  /** Undefined: nothing was spooled yet, or what is here cannot be trusted. */
  get position(): SpoolPosition | undefined {
    return this.#position;
  }

  /** Oldest first. */
  get segments(): readonly SpooledSegment[] {
    return this.#segments;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Where to write what is to become a segment. */
  draftPath(): string {
    this.#drafts += 1;
    return join(this.#folder, `draft-${this.#drafts}`);
  }

  /** Takes a segment in, durably, and moves on to the position behind it. */
  add(
    draft: string,
    segment: Omit<SpooledSegment, 'path'>,
    position: SpoolPosition,
  ): SpooledSegment {
    const path = join(this.#folder, fileName(segment));
    renameSync(draft, path);
    try {
      this.moveTo(position);
    } catch (error) {
      // The next attempt spools the same commits: two segments with one beginning are none.
      rmSync(path, { force: true });
      throw error;
    }
    const added = { ...segment, path };
    this.#segments.push(added);
    this.#bytes += added.bytes;
    return added;
  }

  /** Writes the position, durably; for a beginning without a segment. */
  moveTo(position: SpoolPosition): void {
    const draft = this.draftPath();
    writeFileSync(draft, JSON.stringify(position), { flush: true });
    renameSync(draft, join(this.#folder, POSITION_FILE));
    syncFolder(this.#folder);
    this.#position = position;
  }

  /** @throws an error of the file system while nothing can be written */
  probe(): void {
    const draft = this.draftPath();
    writeFileSync(draft, 'probe', { flush: true });
    rmSync(draft);
  }

  /** Removes the segments that are not needed any more. */
  removeWhere(isDone: (segment: SpooledSegment) => boolean): void {
    const kept: SpooledSegment[] = [];
    for (const segment of this.#segments) {
      if (!isDone(segment)) {
        kept.push(segment);
        continue;
      }
      rmSync(segment.path, { force: true });
      this.#bytes -= segment.bytes;
    }
    this.#segments = kept;
  }

  /**
   * Forgets everything: the database is another one now.
   * @param aside where the folder goes; without it, it is removed
   */
  clear(aside?: string): void {
    if (aside === undefined) rmSync(this.#folder, { recursive: true, force: true });
    else renameSync(this.#folder, aside);
    mkdirSync(this.#folder, { recursive: true });
    this.#segments = [];
    this.#position = undefined;
    this.#bytes = 0;
  }

  #read(): void {
    this.#position = readPosition(join(this.#folder, POSITION_FILE));
    const position = this.#position;
    for (const name of readdirSync(this.#folder).toSorted()) {
      if (name === POSITION_FILE) continue;
      const path = join(this.#folder, name);
      const segment = parseFileName(name, path);
      // A segment beyond the position was never shipped: its commits are still in the WAL.
      if (segment === undefined || position === undefined || isBeyond(segment, position)) {
        rmSync(path, { recursive: true, force: true });
        continue;
      }
      this.#segments.push(segment);
      this.#bytes += segment.bytes;
    }
  }
}

function isBeyond(segment: SpooledSegment, position: SpoolPosition): boolean {
  return segment.run > position.run || segment.to > position.sequence;
}

function readPosition(path: string): SpoolPosition | undefined {
  try {
    return positionOf(readFileSync(path, 'utf8'));
  } catch {
    // Missing: nothing was spooled yet.
    return undefined;
  }
}

function fileName(segment: Omit<SpooledSegment, 'path'>): string {
  const run = String(segment.run).padStart(8, '0');
  const from = String(segment.from).padStart(16, '0');
  const to = String(segment.to).padStart(16, '0');
  const at = String(segment.at).padStart(14, '0');
  return `${run}-${from}-${to}-${at}-${segment.sha256}.wal.zst`;
}

function parseFileName(name: string, path: string): SpooledSegment | undefined {
  const match = SEGMENT_NAME.exec(name);
  if (match === null) return undefined;
  const [, run, from, to, at, sha256 = ''] = match;
  return {
    run: Number(run),
    from: Number(from),
    to: Number(to),
    at: Number(at),
    sha256,
    bytes: statSync(path).size,
    path,
  };
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
