/** Finds what somebody meant who misspelled a name. */

/**
 * The known name with the fewest edits to it, with or without prefixes, whichever are fewer; of
 * several such names the one that is nearest as a whole.
 */
export function nearestName(name: string, known: readonly string[]): string {
  let nearest = '';
  let leastEdits = Infinity;
  let leastWhole = Infinity;
  for (const candidate of known) {
    const edits = fewestEdits(name, candidate);
    const whole = editDistance(name, candidate);
    if (edits > leastEdits || (edits === leastEdits && whole >= leastWhole)) continue;
    nearest = candidate;
    leastEdits = edits;
    leastWhole = whole;
  }
  return nearest;
}

function fewestEdits(name: string, candidate: string): number {
  const forms = withoutPrefixes(candidate);
  return Math.min(
    ...withoutPrefixes(name).flatMap((form) => forms.map((other) => editDistance(form, other))),
  );
}

/** The name, without our prefix, and without the backup's: `FOLDER` of `SCIMLANE_BACKUP_FOLDER`. */
function withoutPrefixes(name: string): string[] {
  const ours = name.replace(/^SCIM(LANE)?_/, '');
  return [name, ours, ours.replace(/^((BLOB|FILES)_)?BACKUP_/, '')];
}

/** Levenshtein distance: characters inserted, deleted or replaced. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
