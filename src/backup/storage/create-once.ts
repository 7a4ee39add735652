/** Stores an object whose name tells its content, so that an attempt without an answer can be repeated. */
import { StorageError, type ObjectContent, type Storage } from './storage.ts';

/**
 * What is there under the name already is taken for the same content: the name must hold its hash.
 * @throws StorageError other than `exists`
 */
export async function createOnce(
  storage: Storage,
  name: string,
  content: ObjectContent,
  signal: AbortSignal,
): Promise<void> {
  try {
    await storage.create(name, content, signal);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'exists') throw error;
  }
}
