/** Process start to the first answer, with intact data of 100,000 users. */
import { type Occasion, occasionLine, occasionUsers, TRIALS } from '../occasion.ts';
import { startProduct } from '../processes.ts';
import { scimClient } from '../scim-client.ts';

export const coldStart: Occasion = {
  name: 'cold-start',
  question: 'How long from the start of the process to its first answer with 100,000 users?',
  run: async ({ folder, people, options }) => {
    const seeding = await startProduct(folder);
    await people.growTo(occasionUsers(options), seeding, seeding.token);
    const users = await scimClient(seeding.base, seeding.token).total('/Users');
    await seeding.stop();
    const trialsMs: number[] = [];
    let rssBytes: number | undefined;
    let complaints = 0;
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const server = await startProduct(folder);
      trialsMs.push(server.firstAnswerMs);
      rssBytes = server.rssBytes();
      if ((await scimClient(server.base, server.token).total('/Users')) !== users) complaints += 1;
      await server.stop();
    }
    return occasionLine('cold-start', users, trialsMs, rssBytes, complaints);
  },
};
