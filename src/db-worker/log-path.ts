/** Where the request log of a data file stands: `scimlane.db` has `scimlane.logs.db`. */
export function logPathOf(dataPath: string): string {
  return dataPath.endsWith('.db') ? `${dataPath.slice(0, -3)}.logs.db` : `${dataPath}.logs`;
}
