import t from 'tap';
import type { RequestLogEntry } from '../store/commands.ts';
import type { CredentialCommand } from '../store/credential-commands.ts';
import { decodeCommand, encodeCommand } from './messages.ts';

const FIELDS = {
  label: 'prod',
  scopes: ['scim.read'],
  subject: null,
  active: undefined,
  expiresAt: 5,
} as const;

const AIM = { endpointId: 'e', credentialId: 'c', now: 7, log: undefined };

const COMMANDS: readonly CredentialCommand[] = [
  { kind: 'createCredential', ...AIM, credentialKind: 'bearer', fields: FIELDS, hash: 'h' },
  { kind: 'createCredential', ...AIM, credentialKind: 'client', fields: FIELDS, hash: 'h' },
  { kind: 'updateCredential', ...AIM, fields: FIELDS },
  { kind: 'rotateCredential', ...AIM, hash: 'h', formerUntil: 9 },
  { kind: 'rotateCredential', ...AIM, hash: 'h', formerUntil: undefined },
  { kind: 'deleteCredential', ...AIM },
  { kind: 'noteCredentialUse', ...AIM },
];

t.test('a command comes out of its frame as it went in', async (t) => {
  for (const command of COMMANDS) t.strictSame(decodeCommand(encodeCommand(command)), command);
});

t.test('with the log row of its request', async (t) => {
  const [command] = COMMANDS;
  if (command === undefined) throw new Error('there are commands');
  const log: RequestLogEntry = {
    time: 1.5,
    requestId: 'r',
    endpointId: 'e',
    method: 'POST',
    target: '/',
    requestBytes: 3,
    status: 201,
    durationMs: undefined,
    detail: undefined,
  };
  t.match(decodeCommand(encodeCommand({ ...command, log })), { log: { requestId: 'r' } });
});

t.test('a kind that is no command is a defect', async (t) => {
  t.throws(() => decodeCommand(['stealCredential', 'e', null, 'c', 7]), /knows no command/);
});
