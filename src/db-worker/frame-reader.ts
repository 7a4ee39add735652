/** Takes the slots of a frame one after the other; a slot of the wrong kind is a defect and throws. */
import {
  bytesAt,
  numberAt,
  optionalNumberAt,
  optionalStringAt,
  stringAt,
  type Frame,
} from '../threads/frame.ts';

export class FrameReader {
  readonly #frame: Frame;
  #next = 0;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Whether every slot has been taken. */
  get atEnd(): boolean {
    return this.#next >= this.#frame.length;
  }

  text(): string {
    return stringAt(this.#frame, this.#next++);
  }

  optionalText(): string | undefined {
    return optionalStringAt(this.#frame, this.#next++);
  }

  number(): number {
    return numberAt(this.#frame, this.#next++);
  }

  bytes(): Uint8Array {
    return bytesAt(this.#frame, this.#next++);
  }

  optionalNumber(): number | undefined {
    return optionalNumberAt(this.#frame, this.#next++);
  }
}
