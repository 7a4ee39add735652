/** Credentials of an endpoint in the words of the admin API. */
import type { AdminRoute } from '../routes.ts';
import type { PathDescription } from './openapi-types.ts';

const BASE = '/scim/admin/endpoints/{endpointId}/credentials';

const NOT_THERE = { 404: 'no such endpoint, or no such credential of it' };

export const CREDENTIAL_PATHS = {
  adminCredentials: [
    {
      path: BASE,
      operations: {
        get: {
          summary: 'The credentials of an endpoint, without their secrets',
          answers: { 200: 'a bare array', ...NOT_THERE },
        },
        post: {
          summary: 'Makes a bearer token or an OAuth client',
          body: { schema: 'NewCredential', required: true },
          answers: {
            201: 'the credential with its secret, which is never shown again',
            400: 'what is wrong, by field',
            ...NOT_THERE,
          },
        },
      },
    },
  ],
  adminCredential: [
    {
      path: `${BASE}/{id}`,
      operations: {
        get: { summary: 'One credential', answers: { 200: 'the credential', ...NOT_THERE } },
        patch: {
          summary: 'Changes a credential',
          body: { schema: 'Credential', required: true },
          answers: {
            200: 'the credential as it is now',
            400: 'what is wrong, by field',
            ...NOT_THERE,
          },
        },
        delete: {
          summary: 'Deletes a credential; it opens nothing from then on',
          answers: { 204: 'it is gone', ...NOT_THERE },
        },
      },
    },
  ],
  adminCredentialRotate: [
    {
      path: `${BASE}/{id}/rotate`,
      operations: {
        post: {
          summary: 'Gives a credential a new secret; the former one may live on for a while',
          body: { schema: 'Rotation', required: false },
          answers: {
            200: 'the credential with its new secret, which is never shown again',
            400: 'what is wrong, by field',
            ...NOT_THERE,
          },
        },
      },
    },
  ],
  adminCredentialActivate: [switches('activate', 'Lets a credential open its endpoint again')],
  adminCredentialDeactivate: [switches('deactivate', 'Has a credential open nothing until then')],
} as const satisfies Partial<Record<AdminRoute['kind'], readonly PathDescription[]>>;

function switches(action: string, summary: string): PathDescription {
  const answers = { 200: 'the credential as it is now', ...NOT_THERE };
  return { path: `${BASE}/{id}/${action}`, operations: { post: { summary, answers } } };
}
