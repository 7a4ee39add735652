import t from 'tap';
import { homeWorker } from './home-worker.ts';

const ENDPOINTS = Array.from({ length: 200 }, (_, n) => n + 1);

t.test('an endpoint has one home while it is idle', (t) => {
  const workers = [4, 5, 9].map((id) => ({ id, idle: true }));
  for (const endpoint of ENDPOINTS) {
    const home = homeWorker(endpoint, workers);
    t.equal(homeWorker(endpoint, [...workers].reverse()), home, `${endpoint}, in any order`);
  }
  t.end();
});

t.test('homes are spread over the workers', (t) => {
  const workers = [4, 5].map((id) => ({ id, idle: true }));
  const atFirst = ENDPOINTS.filter((endpoint) => homeWorker(endpoint, workers)?.id === 4).length;
  t.ok(atFirst > 60 && atFirst < 140, `${atFirst} of 200`);
  t.end();
});

t.test('while its home is busy another idle one does, and none when none is idle', (t) => {
  const workers = [4, 5].map((id) => ({ id, idle: true }));
  for (const endpoint of ENDPOINTS) {
    const home = homeWorker(endpoint, workers)?.id;
    const others = workers.map(({ id }) => ({ id, idle: id !== home }));
    t.equal(homeWorker(endpoint, others)?.id, home === 4 ? 5 : 4);
    t.equal(homeWorker(endpoint, [{ id: 4, idle: false }]), undefined);
  }
  t.end();
});

t.test('the death of a worker moves only those that were at home there', (t) => {
  const workers = [4, 5, 9].map((id) => ({ id, idle: true }));
  const replaced = [4, 5, 10].map((id) => ({ id, idle: true }));
  for (const endpoint of ENDPOINTS) {
    const before = homeWorker(endpoint, workers)?.id;
    const after = homeWorker(endpoint, replaced)?.id;
    if (before !== 9) t.ok(after === before || after === 10, `${endpoint}`);
  }
  t.end();
});
