import t from 'tap';
import { Progress } from './progress.ts';

class Terminal {
  readonly isTTY: boolean = true;
  readonly columns: number = 60;
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

const CLEAR = '\r\x1b[K';

t.test('a line is drawn over the one before, and is gone at the end', (t) => {
  const terminal = new Terminal();
  let now = 0;
  const progress = new Progress(terminal, { now: () => now }, { json: false });
  progress.show(1, 4, 'wal/1');
  now += 100;
  progress.show(4, 4, 'wal/4');
  progress.clear();
  t.equal(
    terminal.text,
    `${CLEAR}[######------------------]  25 %  wal/1` +
      `${CLEAR}[########################] 100 %  wal/4${CLEAR}`,
  );
  t.end();
});

t.test('it is drawn a few times a second, and always when done', (t) => {
  const terminal = new Terminal();
  const progress = new Progress(terminal, { now: () => 5 }, { json: false });
  for (let done = 0; done <= 1000; done += 1) progress.show(done, 1000, 'x');
  t.equal(terminal.text.split(CLEAR).length - 1, 2);
  t.match(terminal.text, /100 %/);
  t.end();
});

t.test('a long or hostile name neither wraps nor moves the cursor', (t) => {
  const terminal = new Terminal();
  const progress = new Progress(terminal, { now: () => 5 }, { json: false });
  progress.show(0, 0, `a\x1b[2J\n${'x'.repeat(200)}`);
  const line = terminal.text.slice(CLEAR.length);
  t.equal(line.length, 59);
  t.match(line, /^a \[2J x+$/);
  t.end();
});

t.test('nobody sees it in a pipe or beside JSON', (t) => {
  const pipe = Object.assign(new Terminal(), { isTTY: false });
  const beside = new Terminal();
  for (const progress of [
    new Progress(pipe, { now: () => 0 }, { json: false }),
    new Progress(beside, { now: () => 0 }, { json: true }),
  ]) {
    progress.show(1, 1, 'x');
    progress.clear();
  }
  t.equal(pipe.text + beside.text, '');
  t.end();
});
