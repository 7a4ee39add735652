/**
 * Opens the storage that the configuration names. The SDKs of Azure cost about 200 ms and 24 MB
 * each: one is loaded only when it is used, and only in the thread that uses it.
 */
import { LocalFolder } from './local-folder.ts';
import type { StorageSettings } from './settings.ts';
import type { Storage } from './storage.ts';

/** Nothing is asked of the place itself yet: whether it answers, the first call tells. */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  switch (settings.kind) {
    case 'folder':
      return new LocalFolder(settings.folder);
    case 'blob': {
      const { openAzureBlob } = await import('./azure-blob.ts');
      return openAzureBlob(settings);
    }
    case 'files': {
      const { openAzureFiles } = await import('./azure-files.ts');
      return openAzureFiles(settings);
    }
  }
}
