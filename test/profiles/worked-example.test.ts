/** The requests of docs/PROFILES.md are answered as they are printed there. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

interface Example {
  readonly method: string;
  readonly target: string;
  readonly body: JsonValue | undefined;
  readonly status: number;
  /** What the answer holds among other things. */
  readonly answer: JsonObject | undefined;
}

const DOCUMENT = new URL('../../docs/PROFILES.md', import.meta.url);
const BLOCK = /^```http\n(\w+) (.+)\n\n(?:([[{][^]*?)\n\n)?(\d{3})(?: (\{[^]*?))?\n```$/gm;

function examples(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCK)].map(
    ([, method = '', target = '', body, status, answer]) => ({
      method,
      target,
      body: body === undefined ? undefined : (JSON.parse(body) as JsonValue),
      status: Number(status),
      answer: answer === undefined ? undefined : (JSON.parse(answer) as JsonObject),
    }),
  );
}

const markdown = readFileSync(DOCUMENT, 'utf8');
const server = await Server.start(t);
const client = ScimClient.of(t, server, '');

t.test('every request of the page is one of its examples', async (t) => {
  t.equal(examples(markdown).length, markdown.match(/^```http$/gm)?.length);
  t.ok(examples(markdown).length >= 7);
});

t.test('the examples are answered as printed', async (t) => {
  const ids = new Map<string, string>();
  for (const { method, target, body, status, answer } of examples(markdown)) {
    const path = target.replace(/\{(\w+)\}/, (_all, name: string) => ids.get(name) ?? name);
    const told = succeeded(t, await client.send(method, encodeURI(path), body), status);
    if (answer !== undefined) t.match(told.body, answer, target);
    const { name } = told.body;
    if (typeof name === 'string') ids.set(name, told.id);
  }
});
