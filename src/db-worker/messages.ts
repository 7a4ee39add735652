/**
 * Commands, results and log rows as frames of primitives: what crosses between the main thread and
 * the writer. Positions are fixed per kind; a frame costs a fraction of a cloned object. Both sides
 * are this process and this build, so a frame of the wrong shape is a defect and throws.
 */
import type { Frame, FrameValue } from '../threads/frame.ts';
import type { Command, EndpointFields, Verdict } from '../store/commands.ts';
import type { WriteResult } from '../store/results.ts';
import type { IndexKey, IndexKeys } from '../scim/resource/index-keys.ts';
import type { Secrets } from '../scim/resource/secrets.ts';
import { appendCredentialCommand, readCredentialCommand } from './credential-messages.ts';
import { FrameReader } from './frame-reader.ts';
import { appendCommandLog, readCommandLog } from './log-messages.ts';

/**
 * The RPC methods of the writer. `bulk` carries a slice; `log` carries a bundle of rows and contents;
 * `clearLog` removes a slice of the log; `changeRun` is answered with the run; `gate` is answered
 * when the pin is held; `metrics` is answered with families as JSON text.
 */
export const METHOD = {
  write: 'write',
  bulk: 'bulk',
  ping: 'ping',
  metrics: 'metrics',
  gate: 'gate',
  close: 'close',
  log: 'log',
  clearLog: 'clearLog',
  changeRun: 'changeRun',
} as const;

/** The worker tells what an operator should read: a line, and whether writes have stopped. */
export const NOTICE = { warning: 'warning', damaged: 'damaged' } as const;

export function encodeCommand(command: Command): Frame {
  const frame: FrameValue[] = [];
  appendCommand(frame, command);
  return frame;
}

export function decodeCommand(frame: Frame): Command {
  const slots = new FrameReader(frame);
  return readCommand(slots.text(), slots);
}

export function appendCommand(frame: FrameValue[], command: Command): void {
  const log = command.log;
  frame.push(command.kind, command.endpointId);
  appendCommandLog(frame, log);
  switch (command.kind) {
    case 'create':
      frame.push(command.type, command.id, command.now, command.document);
      frame.push(command.name ?? null, command.externalId ?? null, command.display);
      frame.push(listText(command.members), secretsText(command.secrets));
      appendKeys(frame, command.indexKeys);
      frame.push(command.created ?? null);
      return;
    case 'replace':
      frame.push(command.type, command.id, command.now, command.document);
      frame.push(command.name ?? null, command.externalId ?? null, command.display);
      frame.push(listText(command.members), secretsText(command.secrets));
      appendKeys(frame, command.indexKeys);
      frame.push(command.ifMatch ?? null);
      return;
    case 'patch':
      frame.push(command.type, command.id, command.now, command.operations);
      frame.push(command.needsSecrets ? 1 : 0, command.ifMatch ?? null);
      return;
    case 'delete':
      frame.push(command.type, command.id, command.now, command.ifMatch ?? null);
      return;
    case 'createEndpoint':
      frame.push(command.now, command.created ?? null, JSON.stringify(command.fields));
      return;
    case 'updateEndpoint':
      frame.push(command.now, JSON.stringify(command.fields));
      frame.push(command.verdict === undefined ? null : (command.verdict.misfit ?? ''));
      return;
    case 'deleteEndpoint':
      frame.push(command.now);
      return;
    default:
      appendCredentialCommand(frame, command);
  }
}

/** @param kind the first slot of the command, which has been taken */
export function readCommand(kind: string, slots: FrameReader): Command {
  const endpointId = slots.text();
  const log = readCommandLog(slots, endpointId);
  const base = { endpointId, log };
  switch (kind) {
    case 'create':
      return {
        kind,
        ...base,
        ...readTarget(slots),
        ...readStored(slots),
        created: slots.optionalNumber(),
      };
    case 'replace':
      return {
        kind,
        ...base,
        ...readTarget(slots),
        ...readStored(slots),
        ifMatch: slots.optionalText(),
      };
    case 'patch':
      return {
        kind,
        ...base,
        ...readTarget(slots),
        operations: slots.text(),
        needsSecrets: slots.number() === 1,
        ifMatch: slots.optionalText(),
      };
    case 'delete':
      return { kind, ...base, ...readTarget(slots), ifMatch: slots.optionalText() };
    case 'createEndpoint':
      return {
        kind,
        ...base,
        now: slots.number(),
        created: slots.optionalNumber(),
        fields: readFields(slots.text()),
      };
    case 'updateEndpoint':
      return {
        kind,
        ...base,
        now: slots.number(),
        fields: readFields(slots.text()),
        ...readVerdict(slots.optionalText()),
      };
    case 'deleteEndpoint':
      return { kind, ...base, now: slots.number() };
    default:
      return readCredentialCommand(kind, base, slots);
  }
}

export function encodeResult(result: WriteResult): Frame {
  return [
    result.created,
    result.lastModified,
    result.version,
    result.changed ? 1 : 0,
    result.document ?? null,
    result.sequence,
  ];
}

export function decodeResult(frame: Frame): WriteResult {
  const slots = new FrameReader(frame);
  return {
    created: slots.number(),
    lastModified: slots.number(),
    version: slots.number(),
    changed: slots.number() === 1,
    document: slots.optionalText(),
    sequence: slots.number(),
  };
}

function readTarget(slots: FrameReader): { type: string; id: string; now: number } {
  return { type: slots.text(), id: slots.text(), now: slots.number() };
}

function readStored(slots: FrameReader): {
  document: string;
  name: string | undefined;
  externalId: string | undefined;
  display: string;
  members: string[] | undefined;
  secrets: Secrets | undefined;
  indexKeys: IndexKeys | undefined;
} {
  return {
    document: slots.text(),
    name: slots.optionalText(),
    externalId: slots.optionalText(),
    display: slots.text(),
    members: readList(slots.optionalText()),
    secrets: readSecrets(slots.optionalText()),
    indexKeys: readKeys(slots.optionalText(), slots),
  };
}

function listText(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}

function readList(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as string[]);
}

function secretsText(secrets: Secrets | undefined): string | null {
  return secrets === undefined ? null : JSON.stringify(secrets);
}

function readSecrets(text: string | undefined): Secrets | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Secrets);
}

function appendKeys(frame: FrameValue[], given: IndexKeys | undefined): void {
  if (given === undefined) frame.push(null);
  else frame.push(given.signatures, JSON.stringify(given.keys));
}

/** @param signatures the slot before the keys, which are not there without it */
function readKeys(signatures: string | undefined, slots: FrameReader): IndexKeys | undefined {
  if (signatures === undefined) return undefined;
  return { signatures, keys: JSON.parse(slots.text()) as IndexKey[][] };
}

/** @param misfit undefined: nobody has looked; '': all fit */
function readVerdict(misfit: string | undefined): { verdict?: Verdict } {
  return misfit === undefined ? {} : { verdict: { misfit: misfit === '' ? undefined : misfit } };
}

function readFields(text: string): EndpointFields {
  const fields = JSON.parse(text) as Partial<EndpointFields>;
  return {
    name: fields.name,
    displayName: fields.displayName,
    description: fields.description,
    config: fields.config,
    active: fields.active,
  };
}
