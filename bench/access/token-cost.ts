/**
 * What it costs to tell who sends a request: the same GETs by id with the shared secret, with a
 * bearer credential of the endpoint, and with a JWT that was issued here and has been seen before.
 * Without a request log, whose batches would move the figure by more than a token costs.
 */
import { measure, type Measurement } from '../measure.ts';
import {
  type AccessStage,
  type AccessTenant,
  readLoad,
  setLogLevel,
  TOKEN_KINDS,
  type TokenKind,
  usersAreWhole,
  withTenant,
} from './tenant.ts';
import { besideBase, thereAndBack, type Turn, turnOf } from './turns.ts';

const BASE: TokenKind = 'shared secret';

/** @throws Error when an answer is wrong */
export async function tokenCost(stage: AccessStage): Promise<object[]> {
  const turns: Turn<TokenKind>[] = [];
  for (let round = 0; round < stage.rounds; round += 1) {
    stage.progress(`GET by id with each kind of token, round ${round + 1} of ${stage.rounds} …`);
    turns.push(...(await withTenant(stage, {}, (tenant) => oneRound(stage, tenant, round))));
  }
  return TOKEN_KINDS.map((kind) => ({
    scenario: `get-user, token: ${kind}`,
    base: BASE,
    connections: stage.connections,
    ...besideBase(turns, kind, BASE),
  }));
}

async function oneRound(
  stage: AccessStage,
  tenant: AccessTenant,
  round: number,
): Promise<Turn<TokenKind>[]> {
  const { connections, seconds, warmUpSeconds } = stage;
  const { server, tokens } = tenant;
  await setLogLevel(tenant, 'off');
  const run = async (given: readonly string[]): Promise<Measurement> => {
    const load = readLoad(tenant, given);
    const measured = await measure(load, server, { connections, seconds, warmUpSeconds });
    if (measured.wrongInAll > 0) throw new Error(measured.outcome.complaints.join('; '));
    return measured;
  };
  // A cold server compiles meanwhile, the way of each token: this turn is thrown away.
  await run(Object.values(tokens));
  const turns: Turn<TokenKind>[] = [];
  for (const kind of thereAndBack(TOKEN_KINDS)) {
    turns.push(turnOf(kind, round, await run([tokens[kind]])));
  }
  await usersAreWhole(tenant, stage.people);
  return turns;
}
