/**
 * What the backup asks of a place that keeps objects. Four verbs, so that a folder, Azure Blob and
 * Azure Files can all do them alike. An object is whole or not there, and never changes: `create`
 * is the one primitive from which the chain, the manifest and the lease are built (two processes
 * that create the same name: exactly one succeeds).
 */

/** An object's bytes: in memory when small, or a file to be read from its beginning. */
export type ObjectContent = Uint8Array | { readonly path: string; readonly bytes: number };

export interface StoredObject {
  readonly name: string;
  readonly bytes: number;
}

export interface ReadOptions {
  /** Where to begin, in bytes; a download that broke off goes on from there. */
  readonly offset?: number;
  readonly signal: AbortSignal;
}

export interface Storage {
  /** For people: `folder /backup`, `blob account/container`. Never holds a secret. */
  readonly label: string;

  /**
   * Stores an object whole, durably, under a name that is not taken. Names are relative paths of
   * `[a-z0-9.-]` segments joined by `/`, at most 200 characters.
   * @throws StorageError `exists` when the name is taken (also when an earlier, unanswered attempt of ours took it)
   */
  create(name: string, content: ObjectContent, signal: AbortSignal): Promise<void>;

  /**
   * The object's bytes from `offset` on, in pieces of at most 4 MiB. Each is valid until the next is
   * asked for.
   * @throws StorageError `missing`
   */
  read(name: string, options: ReadOptions): AsyncIterable<Uint8Array>;

  /** The objects whose names begin with `prefix`, in order of their names. Unfinished uploads never show. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject>;

  /** Removes an object; one that is not there is no error. */
  delete(name: string, signal: AbortSignal): Promise<void>;

  /** Ends connections and timers. */
  close(): Promise<void>;
}

/**
 * `exists` and `missing` are answers. `unavailable`: may go away by itself (network, throttling,
 * server errors, disk full): try again. `refused`: will not (credentials, no such container).
 */
export type StorageErrorCode = 'exists' | 'missing' | 'unavailable' | 'refused';

export class StorageError extends Error {
  readonly code: StorageErrorCode;

  /** @param message one line for an operator: the storage's label, the object, what happened */
  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}
