/** An endpoint's config as the database holds it: the JSON object text that an administrator sent. */

/** @throws Error when the stored text is no JSON object: the database is damaged */
export function parseStoredConfig(text: string): Record<string, unknown> {
  const config: unknown = JSON.parse(text);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new Error('an endpoint is stored with a config that is no JSON object');
  }
  return { ...config };
}
