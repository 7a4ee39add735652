/**
 * PUT: replaces a resource (RFC 7644 §3.5.1). It never creates; readOnly input is ignored, and a
 * changed immutable value is refused by the writer, which knows the old one.
 */
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Answer } from '../answer.ts';
import { replaceCommand } from './commands.ts';
import { linksAfterWrite } from './links-after-write.ts';
import { ifMatchOf } from './precondition-header.ts';
import type { ScimBodyRequest } from './request.ts';
import { resourceAnswer, viewOf } from './view.ts';

export async function replaceResource(
  request: ScimBodyRequest,
  type: ResourceType,
  id: string,
): Promise<Answer> {
  const { record } = request;
  const view = viewOf(request, type);
  const aim = { type, id, ifMatch: ifMatchOf(request), log: record.onSuccess(200) };
  const made = replaceCommand(request, aim, request.body);
  const command = made instanceof Promise ? await made : made;
  const { created, lastModified, version } = await record.write(command);
  const { document } = command;
  const links = await linksAfterWrite(request, view, id);
  return resourceAnswer(200, view, { id, document, created, lastModified, version, links });
}
