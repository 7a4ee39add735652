/** Finds what somebody meant who misspelled a name. */

/** The known name with the fewest edits to it; with or without its prefix, whichever is nearer. */
export function nearestName(name: string, known: readonly string[]): string {
  let nearest = '';
  let least = Infinity;
  for (const candidate of known) {
    const edits = Math.min(
      editDistance(name, candidate),
      editDistance(withoutPrefix(name), withoutPrefix(candidate)),
    );
    if (edits < least) {
      least = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

function withoutPrefix(name: string): string {
  return name.replace(/^SCIM(LANE)?_/, '');
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
