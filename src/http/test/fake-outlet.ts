/** A client of an answer that is a stream: it takes what is written while it has room. */
import type { Answer, Outlet } from '../answer.ts';

export class FakeOutlet implements Outlet {
  readonly pieces: string[] = [];
  hasRoom = true;
  end = (): void => undefined;
  wasCut = false;
  isFinished = false;
  leave: () => void = () => undefined;
  makeRoom: () => void = () => undefined;
  /** Undefined: nobody listens for the end. */
  whenOver: (() => void) | undefined;

  write(text: string): boolean {
    this.pieces.push(text);
    return this.hasRoom;
  }

  cut(): void {
    this.wasCut = true;
    this.whenOver?.();
  }

  send(piece: Uint8Array, whenTaken: () => void): void {
    this.pieces.push(Buffer.from(piece).toString());
    if (this.hasRoom) whenTaken();
    else this.makeRoom = whenTaken;
  }

  finish(): void {
    this.isFinished = true;
    this.whenOver?.();
  }

  onRoom(_nudge: string, callback: () => void): void {
    this.makeRoom = callback;
  }

  onGone(callback: () => void): void {
    this.leave = callback;
  }
}

/** All of a stream, to a client that has room for it. */
export async function wholeOf({ stream }: Answer): Promise<string> {
  const outlet = new FakeOutlet();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  outlet.whenOver = () => {
    resolve(undefined);
  };
  if (stream === undefined) throw new Error('the answer is no stream');
  stream(outlet);
  await promise;
  if (!outlet.isFinished) throw new Error('the stream was cut');
  return outlet.pieces.join('');
}
