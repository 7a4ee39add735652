/** The schemas of all bodies of the admin plane by name, as its description shows them. */
import { credentialSchemas } from './credential-body.ts';
import { endpointSchemas } from './endpoint-body.ts';
import type { BodyName } from './openapi-types.ts';
import { restoreSchema } from './restore-body.ts';
import { runSchema } from './run-body.ts';

/** Plain JSON Schema. */
export function bodySchemas(): Readonly<Record<BodyName, object>> {
  const endpoint = endpointSchemas();
  const credential = credentialSchemas();
  return {
    NewEndpoint: endpoint.create,
    Endpoint: endpoint.update,
    NewCredential: credential.create,
    Credential: credential.update,
    Rotation: credential.rotation,
    Restore: restoreSchema(),
    Run: runSchema(),
  };
}
