/**
 * Stands in for the `sqlite3` shell where there is none: `sqlite3 <file> [<sql>]`, else SQL from
 * stdin. It prints rows as the shell does, and knows `.import` and `readfile` and nothing else of it.
 */
import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';

const [path = ':memory:', sql = readFileSync(0, 'utf8')] = process.argv.slice(2);
const db = new Database(path);
db.function('readfile', (file) => readFileSync(String(file)));
// No text of the script holds a semicolon, so each one ends a statement; a command is a line.
for (const part of sql.split(/;|^(?=\.)|(?<=^\..*)\n/m)) {
  const text = part.trim();
  if (text.startsWith('.')) importLines(text);
  else if (text !== '') run(text);
}
db.close();

function run(text: string): void {
  const statement = db.prepare<[], unknown[]>(text);
  if (!statement.reader) {
    statement.run();
    return;
  }
  for (const row of statement.raw().all()) {
    process.stdout.write(`${row.map(textOf).join('|')}\n`);
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? `${value}` : '';
}

/** `.import <file> <table>`: a row of one column for each line. */
function importLines(command: string): void {
  const match = /^\.import (\S+) (\w+)$/.exec(command);
  if (match === null) throw new Error(`only .import is known here, not ${command}`);
  const [, file = '', table = ''] = match;
  const insert = db.prepare(`INSERT INTO ${table} VALUES (?)`);
  for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') insert.run(line);
}
