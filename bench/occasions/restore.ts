/** Process start to the first answer, with an empty disk and a backup of 100,000 users in a folder. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { firstSnapshot } from '../backup/stage.ts';
import { type Occasion, occasionLine, occasionUsers, TRIALS } from '../occasion.ts';
import { startProduct } from '../processes.ts';
import { scimClient } from '../scim-client.ts';

export const restore: Occasion = {
  name: 'restore',
  question:
    'How long from the start on an empty disk to the first answer, from a backup of 100,000 users?',
  run: async ({ folder, people, options }) => {
    const environ = { BACKUP_FOLDER: join(folder, 'restore-storage'), BACKUP_INTERVAL: '1d' };
    const before = await startProduct(folder, environ);
    await people.growTo(occasionUsers(options), before, before.token);
    await firstSnapshot(before);
    const users = await scimClient(before.base, before.token).total('/Users');
    await before.stop();
    const data = join(folder, 'restore-data');
    const trialsMs: number[] = [];
    let rssBytes: number | undefined;
    let complaints = 0;
    for (let trial = 0; trial < TRIALS; trial += 1) {
      rmSync(data, { recursive: true, force: true });
      mkdirSync(data);
      const server = await startProduct(data, environ);
      trialsMs.push(server.firstAnswerMs);
      rssBytes = server.rssBytes();
      const client = scimClient(server.base, server.token);
      const last = people.ids.length - 1;
      const newest = await client.get(`/Users/${people.ids[last] ?? ''}`);
      const isThere = newest['userName'] === people.users.userName(last);
      if ((await client.total('/Users')) !== users || !isThere) complaints += 1;
      await server.stop();
    }
    rmSync(data, { recursive: true, force: true });
    return occasionLine('restore', users, trialsMs, rssBytes, complaints);
  },
};
