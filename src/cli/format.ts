/** Numbers and times as people read them. */

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** `1.2 MB`; units are powers of 1024, as in the options. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** `2026-11-21 05:23:40Z`. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');
}

/** `0.4 s`, `3 min 5 s`. */
export function durationText(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** `1 segment`, `2 segments`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Names come from a storage that others may write to: none of them moves a terminal's cursor. */
export function printable(line: string): string {
  return line.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, ' ');
}
