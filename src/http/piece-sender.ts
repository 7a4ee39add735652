/**
 * Sends long pieces of a stream in slices, as fast as the client takes them: what does not fit into
 * the socket waits in uWebSockets.js, which has no bound of its own, so nothing is written behind a
 * slice that had to wait until there is room.
 */

/**
 * Written at once: half of what uWebSockets.js can cork. A piece that does not fit there is lost when
 * the socket is full, though its length has been announced.
 */
export const STREAM_SLICE_BYTES = 8192;

export class PieceSender {
  readonly #write: (slice: Uint8Array) => boolean;
  readonly #onRoom: (callback: () => boolean) => void;
  #piece: Uint8Array | undefined;
  #at = 0;
  #whenTaken: () => void = () => undefined;
  #knowsOfRoom = false;

  /**
   * @param write sends a slice; false: the socket is full
   * @param onRoom has the callback called whenever there is room again; asked once, because a native
   *   handler that is set while the one before it runs is lost
   */
  constructor(write: (slice: Uint8Array) => boolean, onRoom: (callback: () => boolean) => void) {
    this.#write = write;
    this.#onRoom = onRoom;
  }

  /** As `Outlet` has it. */
  send(piece: Uint8Array, whenTaken: () => void): void {
    this.#piece = piece;
    this.#at = 0;
    this.#whenTaken = whenTaken;
    if (this.#goOn() || this.#knowsOfRoom) return;
    this.#knowsOfRoom = true;
    this.#onRoom(() => this.#goOn());
  }

  /** @returns false: the socket is full */
  #goOn(): boolean {
    const piece = this.#piece;
    if (piece === undefined) return true;
    while (this.#at < piece.byteLength) {
      const isSent = this.#write(piece.subarray(this.#at, this.#at + STREAM_SLICE_BYTES));
      this.#at += STREAM_SLICE_BYTES;
      if (!isSent) return false;
    }
    this.#piece = undefined;
    this.#whenTaken();
    return true;
  }
}
