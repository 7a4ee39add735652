/**
 * The entry point: checks what it runs on before anything native is loaded, then runs the server.
 * What stops the start is told in one line.
 */

/** Type stripping without a flag came with 22.18; on 20 better-sqlite3 ends the process. */
const NODE_VERSION_MIN: readonly [number, number] = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE_VERSION_MIN[0] || (major === NODE_VERSION_MIN[0] && minor < NODE_VERSION_MIN[1])) {
  exit(`needs Node ${NODE_VERSION_MIN.join('.')} or newer, this is ${process.versions.node}`);
}

try {
  const { run } = await import('./run.ts');
  await run(process.env);
} catch (error) {
  exit(error instanceof Error ? error.message : String(error));
}

function exit(reason: string): never {
  process.stderr.write(`scimlane cannot start: ${reason.replaceAll(/\s*\n\s*/g, ' · ')}\n`);
  process.exit(1);
}
