/** Which place keeps the backup, as the configuration says it. Holds secrets: never log it. */

/** A folder on a disk or a mount that outlives the container. */
export interface FolderSettings {
  readonly kind: 'folder';
  readonly folder: string;
}

/** Azure Blob. Without a connection string the identity of the machine is used. */
export interface BlobSettings {
  readonly kind: 'blob';
  readonly account?: string;
  readonly container: string;
  readonly connectionString?: string;
  /** Of an emulator or another cloud; else `https://<account>.blob.core.windows.net`. */
  readonly endpoint?: string;
}

/** Azure Files over REST. Without a connection string the identity of the machine is used. */
export interface FilesSettings {
  readonly kind: 'files';
  readonly account?: string;
  readonly share: string;
  readonly connectionString?: string;
  /** Of the share, when it is not ours alone. */
  readonly folder?: string;
}

export type StorageSettings = FolderSettings | BlobSettings | FilesSettings;
