/** Which request bodies are taken (RFC 7644 §3.1): SCIM's own media type and plain JSON. */
import { ScimError } from '../scim/errors.ts';

/** @throws ScimError 415 */
export function requireJsonContent(contentType: string | undefined): void {
  if (contentType !== undefined && isJsonContent(contentType)) return;
  throw new ScimError(
    415,
    'send the body with Content-Type application/scim+json or application/json, in UTF-8',
  );
}

function isJsonContent(contentType: string): boolean {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  const known = ['application/scim+json', 'application/json'].includes(mediaType.trim());
  return known && parameters.every(isHarmless);
}

/** Parameters other than charset change nothing; a charset other than UTF-8 changes everything. */
function isHarmless(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim());
}
