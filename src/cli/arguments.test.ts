import t from 'tap';
import { parseArguments, UsageError } from './arguments.ts';

function refusal(...args: string[]): string {
  try {
    parseArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no error';
}

t.test('each command is found, with and without JSON', (t) => {
  t.same(parseArguments(['backup', 'now']), { kind: 'now', json: false, url: undefined });
  t.same(parseArguments(['backup', 'list']), { kind: 'list', json: false });
  t.same(parseArguments(['--json', 'backup', 'list']), { kind: 'list', json: true });
  t.same(parseArguments(['backup', '--json', 'verify']), { kind: 'verify', json: true });
  t.same(parseArguments(['drill', '--json']), { kind: 'drill', json: true });
  t.end();
});

t.test('help is asked for in several ways', (t) => {
  for (const args of [['--help'], ['-h'], ['help'], ['restore', '--help'], ['nonsense', '-h']]) {
    t.same(parseArguments(args), { kind: 'help' }, args.join(' '));
  }
  t.end();
});

t.test('a restore has a target and a file', (t) => {
  const restore = { kind: 'restore', json: false, into: 'a.db' };
  const into = ['--into', 'a.db'];
  const time = Date.UTC(2026, 10, 21, 5, 23, 40);
  t.same(parseArguments(['restore', '--to', 'latest', ...into]), { ...restore, target: {} });
  t.match(parseArguments(['restore', '--to', '0', ...into]), { target: { sequence: 0 } });
  t.same(parseArguments(['restore', '--to', '41', ...into]), {
    ...restore,
    target: { sequence: 41 },
  });
  t.same(parseArguments(['restore', '--to=2026-11-21T05:23:40Z', '--into=a.db']), {
    ...restore,
    target: { time },
  });
  t.end();
});

t.test('a server is named by its URL, also by its SCIM base URL', (t) => {
  for (const url of ['http://h:1', 'http://h:1/', 'http://h:1/scim', 'http://h:1/scim/v2']) {
    t.match(parseArguments(['backup', 'now', '--url', url]), { url: 'http://h:1' }, url);
  }
  t.match(parseArguments(['backup', 'now', '--url', 'https://h/base/scim/v2']), {
    url: 'https://h/base',
  });
  t.end();
});

t.test('what is wrong is named with what would be right', (t) => {
  const cases: readonly (readonly [args: string[], message: RegExp])[] = [
    [[], /^no command is given$/],
    [['backup'], /^there is no command "backup"; did you mean backup \w+\?$/],
    [['backup', 'lits'], /^there is no command "backup lits"; did you mean backup list\?$/],
    [['list'], /did you mean backup list\?$/],
    [['drill', 'now'], /^there is no command "drill now"/],
    [['constructor'], /^there is no command "constructor"/],
    [['drill', '--jsn'], /^--jsn is no option; did you mean --json\?$/],
    [['drill', '-j'], /^-j is no option/],
    [['drill', '--json=yes'], /^--json takes no value$/],
    [['drill', '--json', '--json'], /^--json is given twice$/],
    [['drill', '--to', '4'], /^--to is no option of scimlane drill$/],
    [['backup', 'list', '--url', 'http://h'], /^--url is no option of scimlane backup list$/],
    [['backup', 'now', '--url'], /^--url needs a value$/],
    [['backup', 'now', '--url='], /^--url needs a value$/],
    [['backup', 'now', '--url', '--json'], /^--url needs a value$/],
    [['backup', 'now', '--url', 'h:1'], /^--url takes an http or https URL.*"h:1"$/],
    [['restore', '--into', 'a.db'], /^restore needs --to: a time with its offset/],
    [['restore', '--to', 'latest'], /^restore needs --into/],
    [['restore', '--to', 'now', '--into', 'a'], /^--to takes a time .*latest, but is "now"$/],
    [['restore', '--to', '-1', '--into', 'a'], /^--to takes/],
    [['restore', '--to', '2026-11-21', '--into', 'a'], /^--to takes/],
    [['restore', '--to', '1', '--to', '2', '--into', 'a'], /^--to is given twice$/],
    [['restore', '--to', '1', '--into', 'folder/'], /^--into takes a file to make/],
    [['restore', '--to', '1', '--into', '..'], /^--into takes a file to make/],
  ];
  for (const [args, message] of cases) t.match(refusal(...args), message, args.join(' '));
  t.end();
});
