#!/usr/bin/env node
/**
 * The entry point: checks what it runs on before anything native is loaded, then runs the server,
 * or the command it is given. What stops it is told in one line. JavaScript, so that an old Node can
 * read it: one that has a newer one beside it in node_modules hands over, another one says so.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Below 22, better-sqlite3 ends the process; module hooks and type stripping came during 22. */
const NODE_VERSION_MIN = [22, 18];
/** The devDependency `node`, which is what npm scripts run on. */
const OWN_NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

const args = process.argv.slice(2);
if (!isTooOld()) await main();
else if (hasOwnNode()) handOver();
else {
  exit(
    `it needs Node ${NODE_VERSION_MIN.join('.')} or newer, this is ${process.versions.node} (npm start brings its own)`,
  );
}

async function main() {
  try {
    await import('./strip-cache.js');
    if (args.length > 0) {
      const { commandLine } = await import('./command-line.ts');
      process.exitCode = await commandLine(args, process.env);
    } else {
      const { run } = await import('./run.ts');
      await run(process.env);
    }
  } catch (error) {
    exit(error instanceof Error ? error.message : String(error));
  }
}

function isTooOld() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [majorMin = 0, minorMin = 0] = NODE_VERSION_MIN;
  return major < majorMin || (major === majorMin && minor < minorMin);
}

/** Not when it is the one that runs: it would hand over to itself for ever. */
function hasOwnNode() {
  return existsSync(OWN_NODE) && realpathSync(OWN_NODE) !== realpathSync(process.execPath);
}

/** A terminal's Ctrl-C reaches both processes; a supervisor's SIGTERM only this one. */
function handOver() {
  const child = spawn(OWN_NODE, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => exit(error.message));
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
  });
}

/**
 * @param {string} reason
 * @returns {never}
 */
function exit(reason) {
  process.stderr.write(`scimlane cannot start: ${reason.replaceAll(/\s*\n\s*/g, ' · ')}\n`);
  process.exit(1);
}
