/**
 * Times as SCIM writes them (RFC 7643 §2.3.5). Every answer holds two: the engine's own formatter
 * took 0.7 µs where these sums take 0.25, and showed in every profile.
 */

const DAY_MS = 86_400_000;
/** Days from 0000-03-01, where the calendar's cycles begin, to 1970-01-01. */
const EPOCH_DAYS = 719_468;
const CYCLE_DAYS = 146_097;

/**
 * `2026-11-21T05:23:40.914Z`, as `Date.prototype.toISOString` writes it.
 * @param timeMs whole milliseconds since 1970, before the year 10000
 */
export function dateTimeText(timeMs: number): string {
  const days = Math.floor(timeMs / DAY_MS);
  const ms = timeMs - days * DAY_MS;
  const hour = two(Math.floor(ms / 3_600_000));
  const minute = two(Math.floor(ms / 60_000) % 60);
  const second = two(Math.floor(ms / 1000) % 60);
  return `${dateText(days)}T${hour}:${minute}:${second}.${three(ms % 1000)}Z`;
}

/**
 * A year that begins in March has its leap day at its end, and its months have lengths that one
 * line describes: month m (March is 0) begins at day floor((153 m + 2) / 5).
 * @param days since 1970-01-01, from the year 0 on
 */
function dateText(days: number): string {
  const shifted = days + EPOCH_DAYS;
  const cycle = Math.floor(shifted / CYCLE_DAYS);
  const dayOfCycle = shifted - cycle * CYCLE_DAYS;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function three(value: number): string {
  return value < 100 ? `0${two(value)}` : String(value);
}
