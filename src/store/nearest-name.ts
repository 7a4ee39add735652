/** Guesses which of the known names a mistyped one was meant to be, for error texts. */

/** The known name with the fewest edits to `typed`, when fewer than half of its letters differ. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Infinity;
  // Long input is no typing error, and comparing it would cost its length times ours.
  if (typed.length > 64) return undefined;
  for (const name of known) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (edits < fewest && edits < name.length / 2) {
      nearest = name;
      fewest = edits;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const substitution = from[row - 1] === to[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? Infinity) + 1,
          (current[column - 1] ?? Infinity) + 1,
          (previous[column - 1] ?? Infinity) + substitution,
        ),
      );
    }
    previous = current;
  }
  return previous[to.length] ?? Infinity;
}
