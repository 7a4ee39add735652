import t from 'tap';
import { azError } from './az-error.ts';
import { AzureCli } from './azure-cli.ts';

const CALL = ['deployment', 'group', 'create', '--parameters', '@secret-file'];

t.test('each failure that an operator can mend is told with what to do', (t) => {
  const seen = (stderr: string): string[] => {
    const { reason, message } = azError(CALL, 1, stderr);
    return [reason, message];
  };
  const cases: [stderr: string, reason: string, advice: RegExp][] = [
    ["ERROR: Please run 'az login' to setup account.", 'notLoggedIn', /run az login/],
    ['ERROR: AADSTS700082: The refresh token has expired', 'notLoggedIn', /run az login/],
    ["ERROR: The subscription of 'x' doesn't exist in cloud", 'noSubscription', /--subscription/],
    [
      'ERROR: (MissingSubscriptionRegistration) The subscription is not registered to use namespace',
      'notRegistered',
      /az provider register/,
    ],
    ['ERROR: (StorageAccountAlreadyTaken) The name is taken', 'nameTaken', /--storage-account/],
    ['ERROR: (QuotaExceeded) Operation could not be completed', 'quota', /--location/],
    ['ERROR: (MaxNumberOfRegionalEnvironmentsInSubExceeded) no', 'quota', /--location/],
    ['ERROR: (AuthorizationFailed) The client does not have authorization', 'notAllowed', /Owner/],
    ['ERROR: Please install bicep manually', 'noBicep', /az bicep install/],
    ['ERROR: something else', 'other', /^az deployment group create failed \(1\): something else$/],
    ['', 'other', /it said nothing/],
  ];
  for (const [stderr, reason, advice] of cases) {
    const [found = '', message = ''] = seen(stderr);
    t.equal(found, reason, stderr);
    t.match(message, advice);
    t.notMatch(message, /secret-file/);
  }
  t.end();
});

t.test('of nested errors the innermost is told', (t) => {
  const stderr = `ERROR: {"status":"Failed","error":{"code":"DeploymentFailed","message":"At least one operation failed.","details":[{"code":"Conflict","message":"{\\r\\n  \\"error\\": {\\r\\n \\"code\\": \\"ContainerAppImageError\\",\\r\\n \\"message\\": \\"cannot pull\\" } }"}]}}`;
  t.match(azError(CALL, 1, stderr).message, /failed \(1\): ContainerAppImageError: cannot pull$/);
  t.ok(azError(CALL, 1, `ERROR: ${'x'.repeat(5000)}`).message.length < 800);
  t.end();
});

t.test('no message shows a secret', async (t) => {
  const cli = new AzureCli(
    () => Promise.resolve({ code: 1, stdout: '', stderr: 'ERROR: bad value hush-hush' }),
    undefined,
  );
  cli.keepSecret('hush-hush');
  await t.rejects(cli.text(['account', 'show']), { message: /bad value \*\*\*$/ });
});

t.test('what is not JSON is told, and nothing is null', async (t) => {
  const answering = (stdout: string) =>
    new AzureCli(() => Promise.resolve({ code: 0, stdout, stderr: '' }), 'sub');
  t.equal(await answering(' \n').json(['x']), undefined);
  await t.rejects(answering('<html>').json(['x', 'y']), /az x y answered what is not JSON/);
});
