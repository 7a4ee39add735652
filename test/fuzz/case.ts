/**
 * One case: a request as bytes, made from a seed, its number and what the server has told so far.
 * All of it is legal HTTP/1.1; only what it says is not.
 */
import { SECRET } from '../support/server.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { seedOfCase } from '../support/hunt.ts';
import { bodyBytes, bodyText, type BodyKind } from './random-bodies.ts';
import {
  anyEndpoint,
  anyPath,
  anyQuery,
  anyResource,
  anyRoot,
  type Known,
} from './random-targets.ts';

export interface Case {
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The request, as it is written: mostly at once. */
  readonly pieces: readonly Buffer[];
}

type Header = readonly [string, string];

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly body: Buffer | undefined;
}

const JSON_TYPES = [
  ...['application/scim+json', 'application/json', 'application/scim+json; charset=utf-8'],
  ...['Application/JSON;charset="UTF-8"', 'application/scim+json;charset=latin1', 'text/plain'],
  ...['', ';', 'application/json; a=b; c', '*/*', 'application/x-www-form-urlencoded'],
] as const;

export function makeCase(seed: number, number: number, known: Known): Case {
  const random = randomFrom(seedOfCase(seed, number));
  const asked = ask(random, `${seed}-${number}`, known);
  const { method, body } = asked;
  const target = asked.target.startsWith('/') ? asked.target : `/${asked.target}`;
  const head = [`${method} ${target} HTTP/1.1`, ...headerLines(random, asked)].join('\r\n');
  const bytes = Buffer.from(`${head}\r\n\r\n`, 'latin1');
  const pieces = body === undefined ? [bytes] : inPieces(random, bytes, body, head);
  return { number, method, target, pieces };
}

function ask(random: Random, fresh: string, known: Known): Asked {
  const ids = known.resources.map((path) => path.slice(path.lastIndexOf('/') + 1));
  const root = anyRoot(random);
  const send = (method: string, target: string, kind: BodyKind): Asked => {
    const body = bodyBytes(random, bodyText(random, kind, ids, fresh));
    return { method, target, body };
  };
  const resource = anyResource(random, known);
  const kind = resource.includes('/Groups') ? 'group' : 'user';
  const view = random.below(6) === 0 ? anyQuery(random, known) : '';
  const die = random.below(100);
  if (die < 14) return send('POST', `${root}/Users${view}`, 'user');
  if (die < 20) return send('POST', `${root}/Groups${view}`, 'group');
  if (die < 30) return send('PUT', resource + view, kind);
  if (die < 46) return send('PATCH', resource + view, 'patch');
  if (die < 52) return send('POST', `${root}/Bulk`, 'bulk');
  if (die < 60)
    return send('POST', `${root}${random.pick(['/Users', '/Groups', ''])}/.search`, 'search');
  if (die < 63) return { method: 'DELETE', target: resource, body: undefined };
  if (die < 68) return { method: 'GET', target: resource + view, body: undefined };
  if (die < 85)
    return get(`${root}/${random.pick(['Users', 'Groups', ''])}${anyQuery(random, known)}`);
  if (die < 87) return send('POST', '/scim/admin/endpoints', 'endpoint');
  if (die < 89) return send('PATCH', anyEndpoint(random, known), 'endpoint');
  return anyVerb(random, anyPath(random, known) + anyQuery(random, known), send);
}

function get(target: string): Asked {
  return { method: 'GET', target, body: undefined };
}

/** Any method on any path; never one of an administrator's that would end the storm. */
function anyVerb(
  random: Random,
  target: string,
  send: (method: string, target: string, kind: BodyKind) => Asked,
): Asked {
  const method = random.pick([
    ...(['GET', 'GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH'] as const),
    ...['TRACE', 'get', 'SEARCH', 'PROPFIND', 'X-Y'],
  ]);
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return { method, target, body: undefined };
  return send(method, target, random.pick(['user', 'patch', 'search', 'bulk', 'endpoint']));
}

function headerLines(random: Random, { method, body }: Asked): string[] {
  const headers: Header[] = [['Host', random.below(30) === 0 ? 'a.example:8080' : '127.0.0.1']];
  const token = random.below(80) === 0 ? visible(random) : SECRET;
  if (random.below(120) > 0) headers.push(['Authorization', `Bearer ${token}`]);
  if (body !== undefined) {
    const isOdd = random.below(30) === 0;
    headers.push(['Content-Type', isOdd ? random.pick(JSON_TYPES) : 'application/scim+json']);
  }
  if (random.below(7) === 0) headers.push(['If-Match', entityTags(random)]);
  if (method === 'GET' && random.below(3) === 0)
    headers.push(['If-None-Match', entityTags(random)]);
  for (let left = random.below(20) === 0 ? random.below(12) : 0; left > 0; left -= 1) {
    headers.push(oddHeader(random));
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  // The length stands last, so that whoever cuts the request in two can do so before it.
  if (body !== undefined && !isChunked(random)) lines.push(`Content-Length: ${body.length}`);
  else if (body !== undefined) lines.push('Transfer-Encoding: chunked');
  return lines;
}

function isChunked(random: Random): boolean {
  return random.below(20) === 0;
}

function entityTags(random: Random): string {
  return random.pick([
    '*',
    'W/"1"',
    '"1"',
    'W/"7", W/"9"',
    '',
    ',',
    'W/"',
    visible(random),
    '"a,b"',
  ]);
}

function oddHeader(random: Random): Header {
  const name = random.pick([
    ...(['Accept', 'X-Request-Id', 'Prefer', 'X-Forwarded-Host', 'X-Forwarded-Proto'] as const),
    ...['Accept-Language', 'Cookie', 'Range', 'Origin', 'If-Modified-Since', '__proto__', 'X!#$&'],
    ...[
      'Connection',
      'TE',
      'Via',
      'Forwarded',
      'X-HTTP-Method-Override',
      'Upgrade-Insecure-Requests',
    ],
  ]);
  // One that says "close" is told so; the others must not be able to.
  if (name === 'Connection') return [name, random.pick(['keep-alive', 'Keep-Alive, x'])];
  return [name, visible(random)];
}

/** What a header's value may hold (RFC 9110 §5.5): visible ASCII, blanks inside, bytes above 127. */
function visible(random: Random): string {
  const length = random.below(20) === 0 ? random.below(3000) : random.below(12);
  const letters = Array.from({ length }, () => {
    const code = 33 + random.below(223);
    return String.fromCharCode(code === 127 ? 34 : code);
  });
  return letters.join('');
}

/** Head and body at once, or cut in two anywhere behind the first line, or chunked. */
function inPieces(random: Random, head: Buffer, body: Buffer, headText: string): Buffer[] {
  if (headText.endsWith('chunked')) return [Buffer.concat([head, ...chunks(random, body)])];
  const whole = Buffer.concat([head, body]);
  if (random.below(15) > 0) return [whole];
  const line = headText.indexOf('\r\n') + 2;
  const place = line + random.below(whole.length - line);
  return [whole.subarray(0, place), whole.subarray(place)];
}

function chunks(random: Random, body: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const part = body.subarray(at, at + 1 + random.below(body.length));
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
    at += part.length;
  }
  return [...parts, Buffer.from('0\r\n\r\n')];
}
