/**
 * What right tokens feel of wrong ones: a paced load of GETs by id over 10 connections, with each kind
 * of token in turn, alone and beside 10,000 requests a second from another process: wrong secrets of
 * a credential that exists, and JWTs whose claims are right and whose signature is not, from the
 * address that the right ones come from or each from an address of its own. As many right ones
 * beside tell what is the machine's part. There and back, so that a drift hits all alike.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { saturated } from '../client-load.ts';
import type { Load, Outcome } from '../drive.ts';
import { driveOpenLoop } from '../open-loop.ts';
import { SERIAL_DIGITS, SERIAL_MARK } from '../users.ts';
import { type FloodFigures, startFlood } from './flood.ts';
import {
  type AccessStage,
  type AccessTenant,
  readLoad,
  TOKEN_KINDS,
  usersAreWhole,
  withTenant,
} from './tenant.ts';
import { hundredths, mean, thereAndBack } from './turns.ts';

/** Far from saturation: it is how long they wait that is asked. */
const RIGHT_PER_SECOND = 1000;
const RIGHT_CONNECTIONS = 10;
const FLOOD_PER_SECOND = 10_000;
const FLOOD_CONNECTIONS = 50;
/** Beyond the time of the right ones: before it is under way, and behind. */
const FLOOD_MARGIN_SECONDS = 2;
const FLOOD_PATIENCE_MS = 1000;
/** Numbers of a turn's flood are its own. */
const FLOOD_NUMBERS = 1_000_000;

interface Beside {
  readonly name: string;
  /** Undefined: nothing. */
  readonly token: ((tenant: AccessTenant) => string) | undefined;
  readonly ownAddresses: boolean;
  readonly expected: readonly number[];
}

const REFUSED = [401, 429];
/** Too many signatures at once. */
const REFUSED_OR_BUSY = [...REFUSED, 503];

const BESIDE: readonly Beside[] = [
  { name: 'nothing', token: undefined, ownAddresses: false, expected: [] },
  {
    name: 'as many right ones',
    token: ({ tokens }) => tokens['bearer credential'],
    ownAddresses: false,
    expected: [200],
  },
  {
    name: 'wrong secrets from the same address',
    token: wrongSecret,
    ownAddresses: false,
    expected: REFUSED,
  },
  {
    name: 'wrong secrets, each from its own address',
    token: wrongSecret,
    ownAddresses: true,
    expected: REFUSED,
  },
  {
    name: 'forged JWTs from the same address',
    token: forgedJwt,
    ownAddresses: false,
    expected: REFUSED_OR_BUSY,
  },
  {
    name: 'forged JWTs, each from its own address',
    token: forgedJwt,
    ownAddresses: true,
    expected: REFUSED_OR_BUSY,
  },
];

interface Felt {
  readonly beside: Beside;
  readonly right: Outcome;
  /** CPU time of the server in a second. */
  readonly serverCores: number;
  readonly flood: FloodFigures | undefined;
}

/** @throws Error when an answer is wrong, a wrong token's too */
export async function wrongTokens(stage: AccessStage): Promise<object[]> {
  // So that a proxy can tell of many addresses; what comes without the header counts by its own.
  const felt = await withTenant(stage, { TRUST_PROXY: 'true' }, (tenant) =>
    everyTurn(stage, tenant),
  );
  const alone = felt.filter(({ beside }) => beside.token === undefined);
  return BESIDE.map((beside) => {
    const own = felt.filter((each) => each.beside === beside);
    return lineOf(beside, own, alone);
  });
}

async function everyTurn(stage: AccessStage, tenant: AccessTenant): Promise<Felt[]> {
  const load = readLoad(
    tenant,
    TOKEN_KINDS.map((kind) => tenant.tokens[kind]),
  );
  let first = (await right(load, tenant, stage.warmUpSeconds, 0)).sent;
  const felt: Felt[] = [];
  for (const [turn, beside] of thereAndBack(BESIDE).entries()) {
    stage.progress(`right tokens beside ${beside.name} …`);
    const token = beside.token?.(tenant);
    const flood =
      token === undefined
        ? undefined
        : await startFlood({
            port: tenant.server.port,
            path: `${tenant.root}/Users/${tenant.userIds[0] ?? ''}`,
            token,
            ownAddresses: beside.ownAddresses,
            expected: beside.expected,
            perSecond: FLOOD_PER_SECOND,
            connections: FLOOD_CONNECTIONS,
            seconds: stage.seconds + FLOOD_MARGIN_SECONDS,
            patienceMs: FLOOD_PATIENCE_MS,
            first: turn * FLOOD_NUMBERS,
          });
    const cpuBefore = tenant.server.cpuMs() ?? NaN;
    const outcome = await right(load, tenant, stage.seconds, first);
    const cpuMs = (tenant.server.cpuMs() ?? NaN) - cpuBefore;
    first += outcome.sent;
    const serverCores = cpuMs / 1000 / outcome.seconds;
    felt.push({ beside, right: outcome, serverCores, flood: await flood?.ended() });
  }
  await usersAreWhole(tenant, stage.people);
  return felt;
}

async function right(
  load: Load,
  { server }: AccessTenant,
  seconds: number,
  first: number,
): Promise<Outcome> {
  const outcome = await driveOpenLoop(load, {
    port: server.port,
    perSecond: RIGHT_PER_SECOND,
    connections: RIGHT_CONNECTIONS,
    seconds,
    first,
  });
  if (outcome.wrong > 0) throw new Error(`right tokens: ${outcome.complaints.join('; ')}`);
  return outcome;
}

function lineOf({ name }: Beside, own: readonly Felt[], alone: readonly Felt[]) {
  const latencyUs = latencyOf(own);
  const floods = own.flatMap(({ flood }) => (flood === undefined ? [] : [flood]));
  const statuses: Record<string, number> = {};
  for (const [status, count] of floods.flatMap((flood) => Object.entries(flood.statuses))) {
    statuses[status] = (statuses[status] ?? 0) + count;
  }
  const besidePerSecond = mean(floods.map(({ perSecond }) => perSecond));
  const besideCores = coresOf(own) - coresOf(alone);
  return {
    scenario: `get-user with right tokens, beside: ${name}`,
    perSecond: RIGHT_PER_SECOND,
    connections: RIGHT_CONNECTIONS,
    p50Us: latencyUs.percentile(50),
    p99Us: latencyUs.percentile(99),
    p99_9Us: latencyUs.percentile(99.9),
    p99ToAlone: hundredths(latencyUs.percentile(99) / latencyOf(alone).percentile(99)),
    serverCores: hundredths(coresOf(own)),
    besidePerSecond: floods.length === 0 ? 0 : Math.round(besidePerSecond),
    // CPU of the server for each.
    besideCpuUs: floods.length === 0 ? null : hundredths((besideCores / besidePerSecond) * 1e6),
    besideByStatus: statuses,
    besideUnanswered: floods.reduce((sum, { unanswered }) => sum + unanswered, 0),
    invalid: own.map(whyInvalid).find((why) => why !== undefined) ?? null,
  };
}

function coresOf(felt: readonly Felt[]): number {
  return mean(felt.map(({ serverCores }) => serverCores));
}

function latencyOf(felt: readonly Felt[]): RecordableHistogram {
  const all = createHistogram();
  for (const { right: outcome } of felt) all.add(outcome.latencyUs);
  return all;
}

function whyInvalid({ right: { client, seconds, sent, openLoop } }: Felt): string | undefined {
  return saturated({ clientCpuShare: client.cpuMs / 1000 / seconds, sent, ...openLoop });
}

/** Of a credential that is live: what it takes to find that out is done for each. */
export function wrongSecret({ tokens }: Pick<AccessTenant, 'tokens'>): string {
  return tokens['bearer credential'].slice(0, -SERIAL_DIGITS) + SERIAL_MARK;
}

/** Of a live client and with right claims, so that only a computed signature tells. */
export function forgedJwt({ tokens }: Pick<AccessTenant, 'tokens'>): string {
  const signatureAt = tokens.JWT.lastIndexOf('.') + 1;
  const end = tokens.JWT.slice(signatureAt + SERIAL_DIGITS);
  return tokens.JWT.slice(0, signatureAt) + SERIAL_MARK + end;
}
