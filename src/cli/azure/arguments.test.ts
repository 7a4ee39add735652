import t from 'tap';
import { UsageError } from '../arguments.ts';
import { parseAzureArguments } from './arguments.ts';

function refusal(line: string): string {
  try {
    parseAzureArguments(line.split(' '));
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no error';
}

t.test('each command is found with its options', (t) => {
  t.match(parseAzureArguments('deploy --group rg --storage files --what-if --json'.split(' ')), {
    kind: 'azure',
    json: true,
    target: { group: 'rg', app: 'scimlane', subscription: undefined },
    command: { action: 'deploy', whatIf: true, discardData: false, settings: { storage: 'files' } },
  });
  t.match(parseAzureArguments('add-storage --group rg --app scim'.split(' ')), {
    target: { app: 'scim' },
    command: { action: 'add-storage', settings: { storage: 'blob' } },
  });
  t.match(parseAzureArguments('logs --group rg --follow'.split(' ')), {
    command: { action: 'logs', follow: true, system: false, tail: 50 },
  });
  t.match(parseAzureArguments('rollback --group rg'.split(' ')), {
    command: { action: 'rollback', revision: undefined },
  });
  t.same(parseAzureArguments([]), { kind: 'azureHelp' });
  t.same(parseAzureArguments(['deploy', '--help']), { kind: 'azureHelp' });
  t.end();
});

t.test('what is wrong is named, with what would be right', (t) => {
  t.match(refusal('deplyo --group rg'), /no command "azure deplyo"; did you mean azure deploy\?/);
  t.match(refusal('toString --group rg'), /no command/);
  t.match(refusal('status'), /needs --group/);
  t.match(refusal('status --group rg --image a.io/b'), /--image is no option of .* azure status/);
  t.match(refusal('upgrade --group rg'), /upgrade needs --image/);
  t.match(refusal('logs --group rg --json'), /has no --json/);
  t.match(refusal('logs --group rg --tail 301'), /--tail takes a whole number from 1 to 300/);
  t.match(refusal('add-storage --group rg --storage none'), /--storage takes blob or files/);
  t.match(refusal('deploy --group rg --public-url ftp://x'), /--public-url takes/);
  t.end();
});

t.test('no name can be taken for an option, a query or a file', (t) => {
  for (const app of ['-x', "a'b", 'A', 'a--b', 'a]', 'a b', '@a', 'a'.repeat(33)]) {
    t.throws(() => parseAzureArguments(['status', '--group=rg', `--app=${app}`]), UsageError, app);
  }
  for (const group of ['-rg', '@rg', 'rg;x', 'rg.', 'r g']) {
    t.throws(() => parseAzureArguments(['status', `--group=${group}`]), UsageError, group);
  }
  for (const image of ['-a/b', '@file', 'a b', '$(x)']) {
    const args = ['upgrade', '--group=rg', `--image=${image}`];
    t.throws(() => parseAzureArguments(args), UsageError, image);
  }
  t.end();
});
