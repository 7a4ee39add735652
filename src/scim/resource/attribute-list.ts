/** Lists of attribute names as they stand in a query string (RFC 7644 §3.9). */

/**
 * The names between commas, trimmed, without empty ones. Commas in the brackets of a value path, and
 * in the quotes within, are none of the list's.
 */
export function splitNames(text: string): string[] {
  const names = text.includes('[') ? splitOutsideBrackets(text) : text.split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function splitOutsideBrackets(text: string): string[] {
  const names: string[] = [];
  let start = 0;
  let inBrackets = false;
  let inQuotes = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inQuotes) {
      if (character === '\\') at += 1;
      else if (character === '"') inQuotes = false;
    } else if (character === '"') {
      inQuotes = inBrackets;
    } else if (character === '[' || character === ']') {
      inBrackets = character === '[';
    } else if (character === ',' && !inBrackets) {
      names.push(text.slice(start, at));
      start = at + 1;
    }
  }
  names.push(text.slice(start));
  return names;
}
