/**
 * The entry point: checks what it runs on before anything native is loaded, then runs the server.
 * What stops the start is told in one line. JavaScript, so that an old Node can read it and say so.
 */

/** Below 22, better-sqlite3 ends the process; module hooks and type stripping came during 22. */
const NODE_VERSION_MIN = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [majorMin = 0, minorMin = 0] = NODE_VERSION_MIN;
if (major < majorMin || (major === majorMin && minor < minorMin)) {
  exit(
    `it needs Node ${NODE_VERSION_MIN.join('.')} or newer, this is ${process.versions.node} (npm start brings its own)`,
  );
}

try {
  await import('./strip-cache.js');
  const { run } = await import('./run.ts');
  await run(process.env);
} catch (error) {
  exit(error instanceof Error ? error.message : String(error));
}

/**
 * @param {string} reason
 * @returns {never}
 */
function exit(reason) {
  process.stderr.write(`scimlane cannot start: ${reason.replaceAll(/\s*\n\s*/g, ' · ')}\n`);
  process.exit(1);
}
