/**
 * `scim2-parse-filter` as oracle of the grammar of filters (RFC 7644 §3.4.2.2): on whatever is in
 * the grammar it reads the same tree, and it refuses what we refuse. Where it departs from the RFC,
 * `DEPARTURES` names the shape, and no text of that shape is compared.
 */
import fc from 'fast-check';
import { parse as theirParse, type Filter } from 'scim2-parse-filter';
import t from 'tap';
import { STRICT } from '../../src/scim/dialect.ts';
import { ScimError } from '../../src/scim/errors.ts';
import type { FilterNode } from '../../src/scim/filter/ast.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import {
  anyFault,
  plainFilter,
  plainHandwriting,
  LIMITS,
  withFaults,
  withoutPositions,
} from './filter-texts.ts';
import { agree, oracleRuns } from './runs.ts';

interface Departure {
  readonly what: string;
  /** Of a text whose strings are cut out, see `skeleton`; `text` is as it was. */
  readonly is: (skeleton: string, text: string) => boolean;
  /** One that shows the departure: we read this, they that. */
  readonly example: string;
  readonly weAccept: boolean;
}

const DEPARTURES: readonly Departure[] = [
  {
    what: 'escapes but \\" stay as typed; RFC 7644 §3.4.2.2 has the strings of JSON (RFC 8259 §7)',
    is: (_, text) => /\\/.test(text.replaceAll(/"(?:[^"\\]|\\")*"/g, '""')),
    example: String.raw`a eq "\u0061"`,
    weAccept: true,
  },
  {
    what: 'a number with a sign is none where a blank or parenthesis follows (RFC 8259 §6)',
    is: (skeleton) => /(?:^|[\s()[\]"])-|\de\+/i.test(skeleton),
    example: '(a eq -1)',
    weAccept: true,
  },
  {
    what: 'a number too large to be one is infinite; JSON cannot carry that (RFC 8259 §6)',
    is: (skeleton) => /\de\d{3}/i.test(skeleton),
    example: 'a eq 1e999',
    weAccept: false,
  },
  {
    what: 'true, false and null are values in lower case only, as RFC 8259 §3 says; we take any case',
    is: (skeleton) =>
      (skeleton.match(/\b(?:true|false|null)\b/gi) ?? []).some((word) => /[A-Z]/.test(word)),
    example: 'a eq TRUE',
    weAccept: true,
  },
  {
    what: 'not needs no parentheses, against the rule FILTER',
    is: (skeleton) => /(?:^|[^\w.:/%$-])not(?![\w.:/%$-]|\s*\()/i.test(skeleton),
    example: 'not a pr',
    weAccept: false,
  },
  {
    what: 'not is also taken for an operator between two conditions, against logExp',
    is: (skeleton) =>
      /(?<!(?:^|[([]|[\s)\]](?:and|or))\s*)(?<![\w.:/%$-])not(?![\w.:/%$-])/i.test(skeleton),
    example: 'a pr not (b pr)',
    weAccept: false,
  },
  {
    what: 'names may begin with digits or _, have /, % and several dots, against attrPath',
    is: (skeleton) =>
      skeleton
        .replaceAll(NUMBER_VALUE, '')
        .split(/[^\w.:/%$-]+/)
        .some((word) => word !== '' && !isPath(word)),
    example: 'a.b.c pr',
    weAccept: false,
  },
  {
    what: 'a value path may be within another, against valFilter',
    is: (skeleton) => /\[[^\]]*\[/.test(skeleton),
    example: 'a[b[c pr]]',
    weAccept: false,
  },
  {
    what: 'a sub-attribute behind brackets is taken; the rule FILTER has none, and strict has none',
    is: (skeleton) => /\]\s*\./.test(skeleton),
    example: 'emails[type eq "work"].value pr',
    weAccept: false,
  },
  {
    what: 'blanks are all that Unicode calls so; the RFC has one SP, we also what JSON is laid out with',
    is: (skeleton) => /[^\S \t\r\n]/.test(skeleton),
    example: 'a\u00a0pr',
    weAccept: false,
  },
];

/** An operator and what begins like a number: as a value they read it as JSON does. */
const NUMBER_VALUE = /\b(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+\d[\w.:/%$-]*/gi;

t.test('each departure of the oracle is one', (t) => {
  for (const { what, is, example, weAccept } of DEPARTURES) {
    t.ok(is(skeleton(example), example), `${example} is of the shape`);
    const [ours, theirs] = [ourTree(example), theirTree(example)];
    t.not(ours, theirs, `${example}: ${what}`);
    t.equal(ours !== undefined, weAccept, `we ${weAccept ? 'accept' : 'refuse'} ${example}`);
  }
  t.end();
});

t.test('a filter of the grammar has the same tree, however it is written', (t) => {
  let compared = 0;
  const runs = oracleRuns(t, 2500);
  const property = fc.property(plainFilter, plainHandwriting, (tree, hand) => {
    const text = hand.write(tree);
    if (departs(text)) return;
    compared += 1;
    agree(withoutPositions(tree), theirTree(text), text);
    agree(ourTree(text), theirTree(text), text);
  });
  fc.assert(property, runs);
  t.ok(compared > runs.numRuns / 3, `${compared} of ${runs.numRuns} were compared`);
  t.end();
});

t.test('a text with faults is refused by both, or has the same tree', (t) => {
  let [accepted, refused] = [0, 0];
  const runs = oracleRuns(t, 5000);
  const faults = fc.array(anyFault, { minLength: 1, maxLength: 2 });
  const property = fc.property(plainFilter, plainHandwriting, faults, (tree, hand, given) => {
    const text = withFaults(hand.write(tree), given);
    if (departs(text)) return;
    const ours = ourTree(text);
    if (ours === undefined) refused += 1;
    else accepted += 1;
    agree(ours, theirTree(text), text);
  });
  fc.assert(property, runs);
  t.ok(refused > runs.numRuns / 10, `${refused} of ${runs.numRuns} were refused`);
  t.ok(accepted > runs.numRuns / 20, `${accepted} were accepted`);
  t.end();
});

function departs(text: string): boolean {
  const cut = skeleton(text);
  return DEPARTURES.some(({ is }) => is(cut, text));
}

/** Without what stands in quotes. */
function skeleton(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""');
}

/** An operator, a literal, or `[URN:]attr[.sub]`. */
function isPath(word: string): boolean {
  const name = word.slice(word.lastIndexOf(':') + 1);
  const isUrn = name === word || /^urn:[\w.:-]+$/i.test(word);
  return isUrn && /^[a-z][\w-]*(?:\.[a-z][\w-]*)?$/i.test(name);
}

/** Undefined when we refuse. */
function ourTree(text: string): string | undefined {
  try {
    return withoutPositions(parseFilter(text, LIMITS, STRICT));
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

/** Their tree as ours; undefined when they refuse. */
function theirTree(text: string): string | undefined {
  let parsed: Filter;
  try {
    parsed = theirParse(text);
  } catch {
    return undefined;
  }
  const asText = JSON.stringify(parsed);
  // A negation of several: no tree of the types that they declare.
  if (asText.includes('"op":"not","filters"')) return asText;
  return withoutPositions(asOurs(parsed));
}

function asOurs(filter: Filter): FilterNode {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { kind: filter.op, nodes: filter.filters.map(asOurs) };
    case 'not':
      return { kind: 'not', node: asOurs(filter.filter) };
    case '[]':
      return { kind: 'valuePath', path: pathOf(filter), filter: asOurs(filter.valFilter) };
    case 'pr':
      return { kind: 'present', path: pathOf(filter) };
    default: {
      const value = filter.compValue === 0 ? 0 : filter.compValue;
      return { kind: 'compare', path: pathOf(filter), operator: filter.op, value, valueAt: 0 };
    }
  }
}

function pathOf({ attrPath }: { readonly attrPath: string }) {
  return { text: attrPath, at: 0 };
}
