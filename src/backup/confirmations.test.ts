/** Who waits for the remote storage: in order, not for ever, and never told what is not known. */
import t, { type Test } from 'tap';
import { Confirmations } from './confirmations.ts';

function confirmationsOf(t: Test, deadlineMs = 1_000_000): Confirmations {
  const confirmations = new Confirmations(deadlineMs, (reason) => new Error(reason));
  t.teardown(() => confirmations.close('the test is over'));
  return confirmations;
}

/** Which of them are settled by now. */
async function settledOf(waits: readonly Promise<void>[]): Promise<boolean[]> {
  const settled = waits.map(() => false);
  for (const [index, wait] of waits.entries()) {
    const done = (): void => {
      settled[index] = true;
    };
    wait.then(done, done);
  }
  await new Promise(setImmediate);
  return settled;
}

t.test('a confirmation ends all waits up to its commit, and no others', async (t) => {
  const confirmations = confirmationsOf(t);
  const waits = [1, 2, 2, 3].map((sequence) => confirmations.wait(sequence));
  confirmations.confirmed(2);
  t.same(await settledOf(waits), [true, true, true, false]);
  await Promise.all(waits.slice(0, 3));
  confirmations.confirmed(3);
  await waits[3];
});

t.test(
  'what is confirmed already is not waited for, also after an older one came late',
  async (t) => {
    const confirmations = confirmationsOf(t);
    confirmations.confirmed(5);
    confirmations.confirmed(3);
    await confirmations.wait(5);
    await confirmations.wait(4);
    const [settled] = await settledOf([confirmations.wait(6)]);
    t.equal(settled, false);
  },
);

t.test('answers that come out of order are waited for all the same', async (t) => {
  const confirmations = confirmationsOf(t);
  const waits = [7, 6, 8].map((sequence) => confirmations.wait(sequence));
  confirmations.confirmed(6);
  t.same(await settledOf(waits), [false, true, false]);
  confirmations.confirmed(8);
  await Promise.all(waits);
});

t.test('a wait that is too long ends as an unknown outcome; later ones go on', async (t) => {
  const confirmations = confirmationsOf(t, 16);
  await t.rejects(confirmations.wait(1), {
    message: 'it is stored here, but was not confirmed by the backup storage in time',
  });
  const wait = confirmations.wait(1);
  confirmations.confirmed(1);
  await wait;
});

t.test('closing ends every wait with its reason, and those to come', async (t) => {
  const confirmations = confirmationsOf(t);
  confirmations.confirmed(1);
  const wait = confirmations.wait(2);
  confirmations.close('the backup is gone');
  await t.rejects(wait, { message: 'the backup is gone' });
  await t.rejects(confirmations.wait(2), { message: 'the backup is gone' });
  await confirmations.wait(1);
});
