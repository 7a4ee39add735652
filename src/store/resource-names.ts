/** What resources are called, for whoever shows ids to people. */

export interface ResourceKey {
  readonly endpointId: string;
  readonly id: string;
}

export interface NamedResource extends ResourceKey {
  /** Name of the resource type. */
  readonly type: string;
  readonly display: string;
}
