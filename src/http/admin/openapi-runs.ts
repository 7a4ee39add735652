/** Runs in the words of the admin API. */
import type { AdminRoute } from '../routes.ts';
import type { PathDescription } from './openapi-types.ts';

const NO_ENDPOINT = { 404: 'no endpoint has the id' };
const NO_RUN = { 404: 'no endpoint has the id, or it has no such run' };

export const RUN_PATHS = {
  adminRuns: [
    {
      path: '/scim/admin/endpoints/{id}/runs',
      operations: {
        get: {
          summary: 'Runs of an endpoint, newest first',
          answers: {
            200: 'the runs; endedByItself tells of one that nobody ended within 24 hours',
            ...NO_ENDPOINT,
          },
        },
        post: {
          summary:
            'Begins a run, or ends the one that is running; meanwhile, up to 24 hours, all is logged in full',
          body: { schema: 'Run', required: false },
          answers: {
            200: 'the run, which has ended now',
            201: 'the run, which has begun now; Location names it',
            400: 'what is wrong, by field',
            ...NO_ENDPOINT,
          },
        },
      },
    },
  ],
  adminRun: [
    {
      path: '/scim/admin/endpoints/{id}/runs/{run}',
      operations: {
        get: {
          summary: 'The report of a run: every request, what was refused and why, timings',
          query: [
            {
              name: 'format',
              type: 'string',
              description: 'json, har or html; html when left out if Accept has text/html',
            },
          ],
          answers: {
            200: 'the report; a connection that closes before its end: it is not whole',
            400: 'another format',
            429: 'too many downloads are under way',
            ...NO_RUN,
          },
        },
        delete: {
          summary: 'Forgets a run; its requests stay in the log',
          answers: { 204: 'it is gone', ...NO_RUN },
        },
      },
    },
  ],
} as const satisfies Partial<Record<AdminRoute['kind'], readonly PathDescription[]>>;
