/** Members or groups for the answer to a write that has just become durable. */
import type { ScimRequest } from './request.ts';
import type { ResourceView } from './view.ts';

/**
 * Undefined when the view does not show them, when the resource was deleted meanwhile, and when
 * they cannot be read: the write is done, and its answer must not say otherwise.
 */
export async function linksAfterWrite(
  request: ScimRequest,
  view: ResourceView,
  id: string,
): Promise<string | undefined> {
  if (view.links === undefined) return undefined;
  try {
    const resource = await request.store.get({
      endpointId: request.endpoint.id,
      type: view.type.name,
      id,
      links: view.links,
    });
    return resource?.links;
  } catch {
    return undefined;
  }
}
