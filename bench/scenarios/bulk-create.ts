/**
 * POST of bulks of 1,000 new users of 1.2 KB, each durable before its bulk is answered. Counted are
 * operations, not requests.
 */
import { userIsWhole } from '../population.ts';
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { SAMPLES_MAX } from '../scenario.ts';
import { SERIAL_DIGITS, SERIAL_MARK, type SeededUsers, serialText } from '../users.ts';

const OPERATIONS = 1000;
/** A bulk counts with its operations among the 4,096 requests that one endpoint may have in flight. */
const CONNECTIONS_MAX = 4;
const WARM_UP_REQUESTS = 20;
const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
/** Of the first operation of an answer: a sample of each bulk is read back. */
const LOCATION = /"location":"[^"]*\/Users\/([0-9a-f-]{36})"/;

export const bulkCreate: Scenario = {
  name: 'bulk-create',
  question: 'How many users a second can be created in bulks of 1,000?',
  limit: 'insert',
  operations: OPERATIONS,
  connectionsMax: CONNECTIONS_MAX,
  warmUpRequests: WARM_UP_REQUESTS,
  prepare: async ({ client, population, server }) => {
    const before = await client.total('/Users');
    const first = population.freshSerials();
    const template = bulkTemplate(population.users, server.token);
    const samples: { readonly serial: number; readonly id: string }[] = [];
    return {
      load: {
        capacity: Infinity,
        request: (n) => filled(template, first + n * OPERATIONS),
        check: (n, status, body) => {
          const created = body.split('"status":"201"').length - 1;
          const id = LOCATION.exec(body)?.[1];
          if (status !== 200 || created !== OPERATIONS || id === undefined) {
            return `POST bulk: ${status}, ${created} created, ${body.slice(0, 300)}`;
          }
          samples.push({ serial: first + n * OPERATIONS, id });
          return undefined;
        },
      },
      verify: async (sent, answered) => {
        const complaints: string[] = [];
        const added = (await client.total('/Users')) - before;
        if (added < answered * OPERATIONS || added > sent * OPERATIONS) {
          complaints.push(
            `${answered} bulks of ${OPERATIONS} acknowledged of ${sent} sent, ${added} users are there`,
          );
        }
        const stride = Math.ceil(samples.length / SAMPLES_MAX);
        for (const [index, { serial, id }] of samples.entries()) {
          if (index % stride !== 0) continue;
          const complaint = await userIsWhole(client, population.users, serial, id);
          if (complaint !== undefined) complaints.push(complaint);
        }
        return complaints;
      },
    };
  },
};

/** A whole request, and where in it the serial of each operation goes. */
interface BulkTemplate {
  readonly bytes: Buffer;
  readonly marks: readonly { readonly offset: number; readonly operation: number }[];
}

/** The n-th operation creates the user of the n-th template, so that serials keep their users. */
function bulkTemplate(users: SeededUsers, token: string): BulkTemplate {
  const operations = Array.from({ length: OPERATIONS }, (_, at) => {
    const data = users.templates[at % users.templates.length] ?? '';
    return `{"method":"POST","path":"/Users","bulkId":"u${at}","data":${data}}`;
  });
  const body = `{"schemas":["${BULK_REQUEST}"],"Operations":[${operations.join(',')}]}`;
  const bytes = requestBytes({ method: 'POST', path: '/scim/v2/Bulk', token, body });
  const marks: { offset: number; operation: number }[] = [];
  let operation = -1;
  let nextOperation = bytes.indexOf('"bulkId":');
  for (let at = bytes.indexOf(SERIAL_MARK); at !== -1; at = bytes.indexOf(SERIAL_MARK, at)) {
    while (nextOperation !== -1 && nextOperation < at) {
      operation += 1;
      nextOperation = bytes.indexOf('"bulkId":', nextOperation + 1);
    }
    marks.push({ offset: at, operation });
    at += SERIAL_DIGITS;
  }
  return { bytes, marks };
}

function filled({ bytes, marks }: BulkTemplate, firstSerial: number): Buffer {
  const copy = Buffer.from(bytes);
  for (const { offset, operation } of marks) {
    copy.write(serialText(firstSerial + operation), offset, 'latin1');
  }
  return copy;
}
