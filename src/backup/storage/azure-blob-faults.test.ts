/** What Azure Blob does wrong, and what we make of it: nothing hangs, nothing is taken for stored. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import t, { type Test } from 'tap';
import { startScriptedServer, type Answer } from '../../../test/support/scripted-server.ts';
import type { Storage, StorageError } from './storage.ts';
import { BlobRig, newContainer } from './test/azure-blob-rig.ts';
import { failure, listAll, readAll, unaborted } from './test/whole-answers.ts';

const rig = await BlobRig.start(t);

/** One request of each kind. */
function requests(storage: Storage, signal = unaborted()): Promise<unknown>[] {
  return [
    storage.create('head/1', Buffer.from('x'), signal),
    storage.create('wal/1', randomBytes(5 * 1024 * 1024), signal),
    consume(storage.read('head/1', { signal })),
    consume(storage.list('head/', signal)),
    storage.delete('head/1', signal),
  ];
}

function failures(promises: readonly Promise<unknown>[]): Promise<StorageError[]> {
  return Promise.all(promises.map(failure));
}

async function consume(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) t.comment(`unexpected: ${String(item)}`);
}

/** A storage whose every request is answered by a script. */
async function scripted(
  t: Test,
  script: (request: IncomingMessage) => Answer | Promise<Answer>,
): Promise<Storage> {
  const port = await startScriptedServer(t, script);
  return rig.open(t, {
    container: 'backup',
    connectionString: rig.azurite.connectionStringWith({ port }),
    blockBytes: 1000,
  });
}

/** As the service answers: the code in a header, and in a body, which answers to HEAD lack. */
function refusal(request: IncomingMessage, status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>no\nRequestId:1</Message></Error>`;
  const headers = {
    'x-ms-error-code': code,
    'x-ms-request-id': '5f1d',
    'content-type': 'application/xml',
  };
  return { status, headers, ...(request.method === 'HEAD' ? {} : { body }) };
}

t.test('a wrong key is refused, and the message says what to check', async (t) => {
  const key = randomBytes(64).toString('base64');
  const connectionString = rig.azurite.connectionStringWith({ key });
  const storage = await rig.open(t, { connectionString, container: 'backup' });
  for (const { code, message } of await failures(requests(storage))) {
    t.equal(code, 'refused');
    t.match(message, /^blob scimlane\/backup.*Storage Blob Data Contributor.*\(403 Auth\w+/);
    t.notMatch(message, /\n/);
    t.notOk(message.includes(key));
  }
});

t.test('a storage that is gone is unavailable', async (t) => {
  const { storage, relay } = await rig.openBehindRelay(t, { container: 'backup' });
  await storage.create('head/0', Buffer.from('x'), unaborted());
  relay.close();
  for (const error of await failures(requests(storage))) {
    t.match(error, { code: 'unavailable', message: /cannot be reached/ });
  }
});

t.test('a storage that is silent is unavailable', async (t) => {
  const { storage, relay } = await rig.openBehindRelay(t, {
    answerTimeoutMs: 20,
    bytesPerSecondMin: 1024 * 1024 * 1024,
  });
  relay.requests = () => 'silence';
  for (const error of await failures(requests(storage))) {
    t.match(error, { code: 'unavailable', message: /no answer within \d+ ms/ });
  }
});

t.test('a signal ends requests that are under way, with its reason', async (t) => {
  const { storage, relay } = await rig.openBehindRelay(t);
  const controller = new AbortController();
  let began = 0;
  const all = Promise.withResolvers<undefined>();
  relay.requests = () => {
    began += 1;
    if (began === 5) all.resolve(undefined);
    return 'silence';
  };
  const ends = requests(storage, controller.signal).map((request) =>
    t.rejects(request, { message: 'enough' }),
  );
  await all.promise;
  controller.abort(new Error('enough'));
  await Promise.all(ends);
});

t.test('close ends requests that are under way, and those to come', async (t) => {
  const { storage, relay } = await rig.openBehindRelay(t, { container: 'backup' });
  const began = Promise.withResolvers<undefined>();
  relay.requests = () => {
    began.resolve(undefined);
    return 'silence';
  };
  const end = t.rejects(listAll(storage), { message: 'blob scimlane/backup is closed' });
  await began.promise;
  await storage.close();
  await end;
  await t.rejects(listAll(storage), { message: 'blob scimlane/backup is closed' });
});

t.test('an answer that breaks off is unavailable; what came before it stays', async (t) => {
  const { storage, relay } = await rig.openBehindRelay(t, { blockBytes: 1_000_000 });
  const content = randomBytes(2_500_000);
  await storage.create('snapshots/a', content, unaborted());
  for (const how of ['cut', 'silence'] as const) {
    let left = 1_500_000;
    relay.answers = (bytes) => {
      left -= bytes.length;
      return left < 0 ? how : bytes;
    };
    const came: Uint8Array[] = [];
    const broken = new AbortController();
    const reading = (async () => {
      for await (const piece of storage.read('snapshots/a', { signal: broken.signal })) {
        came.push(piece);
        if (how === 'silence') setImmediate(() => broken.abort(new Error('enough')));
      }
    })();
    if (how === 'cut') t.equal((await failure(reading)).code, 'unavailable');
    else await t.rejects(reading, { message: 'enough' });
    const got = Buffer.concat(came);
    t.equal(got.length, 1_000_000);
    relay.answers = (bytes) => bytes;
    const rest = await readAll(storage, 'snapshots/a', got.length);
    t.ok(Buffer.concat([got, rest]).equals(content));
  }
});

t.test('bytes that are damaged on their way are not stored', async (t) => {
  const container = newContainer();
  const { storage, relay } = await rig.openBehindRelay(t, { container, blockBytes: 1000 });
  await storage.create('wal/0', Buffer.from('x'), unaborted());
  const mark = Buffer.from('mark');
  relay.requests = (bytes) => {
    const at = bytes.indexOf(mark);
    if (at < 0) return bytes;
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
    return damaged;
  };
  for (const bytes of [500, 1500]) {
    const content = Buffer.concat([mark, randomBytes(bytes - mark.length)]);
    const error = await failure(storage.create('wal/1', content, unaborted()));
    t.match(error, { code: 'unavailable', message: /damaged/ });
  }
  t.same(await listAll(storage), [{ name: 'wal/0', bytes: 1 }]);
});

t.test('blocks that another upload’s commit dropped: the name is taken', async (t) => {
  let committed = false;
  const storage = await scripted(t, (request) => {
    if (request.method === 'HEAD') {
      return committed ? { status: 200 } : refusal(request, 404, 'BlobNotFound');
    }
    if (!request.url?.includes('comp=blocklist')) return { status: 201 };
    committed = true;
    return refusal(request, 400, 'InvalidBlockList');
  });
  const error = await failure(storage.create('wal/1', randomBytes(1500), unaborted()));
  t.match(error, { code: 'exists', message: 'blob scimlane/backup: wal/1: the name is taken' });
});

t.test('blocks that are lost without such a commit: again from the start', async (t) => {
  const storage = await scripted(t, (request) => {
    if (request.method === 'HEAD') return refusal(request, 404, 'BlobNotFound');
    if (!request.url?.includes('comp=blocklist')) return { status: 201 };
    return refusal(request, 400, 'InvalidBlockList');
  });
  const create = storage.create('wal/1', randomBytes(1500), unaborted());
  t.equal((await failure(create)).code, 'unavailable');
});

t.test('a block that fails stops the upload: nothing is committed', async (t) => {
  const seen: string[] = [];
  const storage = await scripted(t, (request) => {
    if (request.method === 'HEAD') return refusal(request, 404, 'BlobNotFound');
    seen.push(/comp=(\w+)/.exec(request.url ?? '')?.[1] ?? '');
    return seen.length === 3 ? refusal(request, 503, 'ServerBusy') : { status: 201 };
  });
  const create = storage.create('wal/1', randomBytes(50_000), unaborted());
  t.equal((await failure(create)).code, 'unavailable');
  t.ok(seen.length < 10, 'most of the 50 blocks are not even sent');
  t.notOk(seen.includes('blocklist'));
});

t.test('a missing container that may not be made is refused with both facts', async (t) => {
  const storage = await scripted(t, (request) =>
    request.url?.includes('restype=container') && request.method === 'PUT'
      ? refusal(request, 403, 'AuthorizationPermissionMismatch')
      : refusal(request, 404, 'ContainerNotFound'),
  );
  for (const { code, message } of await failures(requests(storage))) {
    t.equal(code, 'refused');
    t.match(message, 'blob scimlane/backup does not exist, and this credential may not create it');
  }
});

t.test('of two that find no container, the later one goes on in that of the first', async (t) => {
  const firstStored = Promise.withResolvers<undefined>();
  const seen = new Set<string>();
  const storage = await scripted(t, async (request) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path.endsWith('/backup')) return { status: 201 };
    if (seen.has(path)) {
      if (path.endsWith('/head/1')) firstStored.resolve(undefined);
      return { status: 201 };
    }
    seen.add(path);
    if (path.endsWith('/head/2')) await firstStored.promise;
    return refusal(request, 404, 'ContainerNotFound');
  });
  const create = (name: string): Promise<void> =>
    storage.create(name, Buffer.from('x'), unaborted());
  await t.resolves(Promise.all([create('head/1'), create('head/2')]));
});

t.test('a container with an impossible name is refused for that reason', async (t) => {
  const storage = await scripted(t, (request) =>
    request.method === 'PUT' && request.url?.includes('restype=container')
      ? refusal(request, 400, 'InvalidResourceName')
      : refusal(request, 404, 'ContainerNotFound'),
  );
  const error = await failure(listAll(storage));
  t.match(error, { code: 'refused', message: /\(400 InvalidResourceName, request 5f1d\)/ });
});

t.test('a busy storage is asked once, and is unavailable', async (t) => {
  let asked = 0;
  const storage = await scripted(t, (request) => {
    asked += 1;
    return refusal(request, 503, 'ServerBusy');
  });
  const errors = await failures(requests(storage));
  for (const { code } of errors) t.equal(code, 'unavailable');
  t.equal(asked, errors.length);
});
