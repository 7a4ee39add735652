/** Where the segments of a database wait for the storages: beside it, on the same disk. */
export function spoolFolderOf(databasePath: string): string {
  return `${databasePath}.spool`;
}
