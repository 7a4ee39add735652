/**
 * Whether resources of an endpoint change while another thread looks at all of them: the writer must
 * not read them itself, and what was found holds only if nothing was written meanwhile. Kept in
 * memory, because no look outlasts the process; an endpoint that nobody looks at costs nothing.
 */
export class EndpointWatches {
  /** By endpoint id: whether anything has changed since the watch began. */
  readonly #changed = new Map<string, boolean>();

  /** From here on changes are noticed; an earlier watch of the endpoint is over. */
  begin(endpointId: string): void {
    this.#changed.set(endpointId, false);
  }

  /** Something of the endpoint has changed, or is about to. */
  note(endpointId: string): void {
    if (this.#changed.size > 0 && this.#changed.has(endpointId))
      this.#changed.set(endpointId, true);
  }

  /** True when a watch has begun and noticed nothing. */
  undisturbed(endpointId: string): boolean {
    return this.#changed.get(endpointId) === false;
  }

  end(endpointId: string): void {
    this.#changed.delete(endpointId);
  }
}
