/** The picture of docs/PERFORMANCE.md and its tables: both tell what the shares say, and nothing else. */
import t from 'tap';
import { timePicture } from '../../docs/time-picture.ts';
import { READ, WRITE } from '../../docs/time-shares.ts';
import { withTimeTables } from '../../docs/time-tables.ts';
import { readText } from '../tidy/repository.ts';

const REQUESTS = [WRITE, READ];

t.test('the shares of a request are all of it, those of a thread no more than all', async (t) => {
  for (const { title, threads } of REQUESTS) {
    const all = threads.reduce((sum, { share }) => sum + share, 0);
    t.ok(Math.abs(all - 1) < 1e-9, title);
    for (const { name, pieces } of threads) {
      const sum = pieces.reduce((before, { percent }) => before + percent, 0);
      t.ok(sum <= 100, `${title}: ${name}`);
    }
  }
});

t.test('the pieces of each bar fill it from end to end', async (t) => {
  const bars = [
    ...timePicture().matchAll(
      /class="piece [^"]+" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="40"/g,
    ),
  ];
  const tops = [...new Set(bars.map(([, , y]) => y))];
  t.equal(tops.length, 2, 'one for each request');
  for (const top of tops) {
    let end = 30;
    for (const [, x, , width] of bars.filter(([, , y]) => y === top)) {
      t.ok(Math.abs(Number(x) - end) < 0.2, `no gap before ${x}`);
      end = Number(x) + Number(width);
    }
    t.ok(Math.abs(end - 1050) < 0.5);
  }
});

t.test('the picture names every piece, and has nothing from elsewhere', async (t) => {
  const picture = timePicture();
  for (const { title, us, threads } of REQUESTS) {
    t.match(picture, `>${title}: ${us} µs of the server's CPU<`);
    for (const { name, pieces } of threads) {
      t.match(picture, `>${name}, `);
      for (const { what } of pieces) t.match(picture, `>${what}<`);
    }
  }
  t.notMatch(picture, /NaN|Infinity|undefined/);
  t.same(picture.match(/https?:[^"]+/g), ['http://www.w3.org/2000/svg']);
  t.notMatch(picture, /href|@import|@font-face|url\(/);
  t.match(picture, '@media (prefers-color-scheme: dark)');
  t.match(picture, '<rect class="paper"', 'its own background');
});

t.test('the text tells the same time as the picture', async (t) => {
  const text = readText('docs/PERFORMANCE.md');
  for (const { us } of REQUESTS) t.match(text, `**${us} µs**`);
});

t.test('a table that was changed by hand is mended, one without a place is refused', async (t) => {
  const text = readText('docs/PERFORMANCE.md');
  const changed = text.replace('|  17 %', '|  71 %');
  t.not(changed, text);
  t.equal(withTimeTables(changed), withTimeTables(text));
  t.throws(
    () => withTimeTables(text.replace('<!-- shares of a read', '<!-- ')),
    /lacks <!-- shares/,
  );
});
