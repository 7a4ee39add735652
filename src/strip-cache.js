/**
 * Loads our TypeScript with its types already stripped. Node strips them itself, but the stripper
 * is a WebAssembly module that takes 15 MB and 40 ms in each thread that loads a `.ts` file. So what
 * was stripped once is kept in node_modules, by the hash of its source: an edit is never missed.
 * Where nothing can be written, Node strips as ever. This file and `main.js` are JavaScript because
 * they run before it.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const SOURCES = new URL('./', import.meta.url).href;
const CACHE = new URL('../node_modules/.cache/scimlane/', import.meta.url);

registerHooks({
  // A relative import is what it says; Node would look for links and packages on the way.
  resolve(specifier, context, nextResolve) {
    if (!specifier.startsWith('.') || !context.parentURL?.startsWith(SOURCES)) {
      return nextResolve(specifier, context);
    }
    return { url: new URL(specifier, context.parentURL).href, shortCircuit: true };
  },
  load(url, context, nextLoad) {
    if (!url.startsWith(SOURCES) || !url.endsWith('.ts')) return nextLoad(url, context);
    return { format: 'module', source: stripped(url), shortCircuit: true };
  },
});

/**
 * @param {string} url
 * @returns {string}
 */
function stripped(url) {
  const source = readFileSync(fileURLToPath(url), 'utf8');
  const hash = createHash('sha256').update(process.version).update(source).digest('hex');
  const cached = new URL(`${hash}.js`, CACHE);
  try {
    return readFileSync(cached, 'utf8');
  } catch {
    const text = strip(source);
    keep(cached, text);
    return text;
  }
}

/**
 * Node calls the function experimental on stderr, though what it does by itself is no longer: a
 * newcomer's first start would begin with a warning that says nothing about the server.
 * @param {string} source
 * @returns {string}
 */
function strip(source) {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Whole or not at all: two processes may start at once.
 * @param {URL} file
 * @param {string} text
 */
function keep(file, text) {
  try {
    mkdirSync(CACHE, { recursive: true });
    const draft = new URL(`${file.href}.${process.pid}-${Math.random()}`);
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // A read-only installation: the next start strips again.
  }
}

// Run by itself it fills the cache: the image is built with it, and its file system is read-only.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of readdirSync(fileURLToPath(SOURCES), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts')) stripped(new URL(name, SOURCES).href);
  }
}
