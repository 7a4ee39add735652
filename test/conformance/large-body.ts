/**
 * Sends a large body with `Expect: 100-continue`: only when the server asks for it, or says nothing
 * for a while. So a server that refuses it by its length can answer on a connection nobody writes to.
 */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

const DEADLINE_MS = 30_000;
const SILENCE_MS = 1000;

export async function sendLarge(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  text: string,
): Promise<Response> {
  const body = new TextEncoder().encode(text);
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
      method,
      headers: { ...headers, expect: '100-continue', 'content-length': String(body.length) },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    let answered = false;
    const send = (): void => {
      if (!answered) outgoing.end(body);
    };
    // What has come while this process was held up is read before the turn ends: silence is only then.
    const silence = setTimeout(() => setImmediate(send), SILENCE_MS);
    outgoing.once('continue', () => {
      clearTimeout(silence);
      send();
    });
    outgoing.once('error', (error) => {
      clearTimeout(silence);
      reject(error);
    });
    outgoing.once('response', (answer) => {
      answered = true;
      clearTimeout(silence);
      resolve(answer);
    });
    outgoing.flushHeaders();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const pairs = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  incoming.destroy();
  return new Response(Buffer.concat(chunks), {
    status: incoming.statusCode ?? 0,
    headers: new Headers(pairs),
  });
}
