/** POST: creates a resource (RFC 7644 §3.3). The id is ours, whatever the client sent. */
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Answer } from '../answer.ts';
import { createCommand } from './commands.ts';
import { linksAfterWrite } from './links-after-write.ts';
import type { ScimBodyRequest } from './request.ts';
import { locationOf, resourceAnswer, viewOf } from './view.ts';

export async function createResource(
  request: ScimBodyRequest,
  type: ResourceType,
): Promise<Answer> {
  const { record } = request;
  const view = viewOf(request, type);
  const id = request.ids.next();
  const made = createCommand(request, { type, id, log: record.onSuccess(201) }, request.body);
  const command = made instanceof Promise ? await made : made;
  const { document, members } = command;
  const result = await record.write(command);
  // A new resource is in no group yet; only members that it brought itself can be shown.
  const hasLinks = members !== undefined && members.length > 0;
  const links = hasLinks ? await linksAfterWrite(request, view, id) : undefined;
  const { created, lastModified, version } = result;
  const shown = { id, document, created, lastModified, version, links };
  return resourceAnswer(201, view, shown, [['Location', locationOf(view, id)]]);
}
