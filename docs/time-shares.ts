/**
 * Where the server's CPU time of one request goes, as `perf` samples told it: the one source of the
 * tables of PERFORMANCE.md and of the picture above them.
 */

export interface Piece {
  readonly what: string;
  /** Of its thread. */
  readonly percent: number;
}

export interface ThreadTime {
  readonly name: string;
  /** The share in words: no better known than that. Undefined where the text tells. */
  readonly told?: string;
  /** Of the request, 0 to 1. */
  readonly share: number;
  /** Their sum may be less than all; a thread without any was not looked into. */
  readonly pieces: readonly Piece[];
}

export interface RequestTime {
  readonly title: string;
  readonly load: string;
  /** CPU time of all threads of the server. */
  readonly us: number;
  readonly threads: readonly ThreadTime[];
}

export const WRITE: RequestTime = {
  title: 'A write',
  load: 'POST of a user of 1.2 KB, 50 connections, durable, full request log',
  us: 158,
  threads: [
    {
      name: 'main thread',
      told: 'two fifths',
      share: 0.4,
      pieces: [
        { what: 'validate, canonicalise, prepare', percent: 17 },
        { what: 'answer: head, body, socket', percent: 14 },
        { what: 'log: mask, copy, compress', percent: 11 },
        { what: 'garbage collection', percent: 11 },
        { what: 'route, access, headers', percent: 9 },
        { what: 'parse JSON', percent: 6 },
        { what: 'message to the writer, and back', percent: 6 },
        { what: "the event loop, the kernel's part", percent: 22 },
      ],
    },
    {
      name: 'writer',
      told: 'a quarter',
      share: 0.25,
      pieces: [
        { what: 'pages into the WAL (3.5 for each user)', percent: 36 },
        { what: 'the document and its four indexes', percent: 16 },
        { what: 'savepoint, sequence, counts', percent: 11 },
        { what: "the log's own transaction", percent: 10 },
        { what: 'messages', percent: 8 },
        { what: 'keys of attributes', percent: 5 },
        { what: 'waiting for the disk (CPU, not time)', percent: 1 },
        { what: 'the event loop, the rest', percent: 13 },
      ],
    },
    { name: 'checkpoints', share: 0.07, pieces: [] },
    { name: "V8's own threads", share: 0.28, pieces: [] },
  ],
};

export const READ: RequestTime = {
  title: 'A read',
  load: 'GET by id, 50 connections, summary log',
  us: 31,
  threads: [
    {
      name: 'main thread',
      told: 'seven tenths',
      share: 0.7,
      pieces: [
        { what: 'answer: head, body, socket', percent: 35 },
        { what: 'the event loop, the kernel', percent: 31 },
        { what: 'route, access, headers', percent: 14 },
        { what: 'log rows', percent: 6 },
        { what: "the resource's text", percent: 5 },
        { what: 'SQLite', percent: 4 },
      ],
    },
    {
      name: 'writer',
      told: 'a sixth',
      share: 1 / 6,
      pieces: [
        { what: 'rows into the log', percent: 66 },
        { what: 'messages', percent: 16 },
        { what: 'the rest', percent: 18 },
      ],
    },
    { name: 'other threads', share: 1 - 0.7 - 1 / 6, pieces: [] },
  ],
};
