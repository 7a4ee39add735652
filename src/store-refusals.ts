/** What the embedded store refuses by itself, in the words of the port. */
import { StoreError } from './store/results.ts';

export function outdated(): StoreError {
  return new StoreError(
    'contended',
    'the schemas of the endpoint have changed meanwhile; nothing was done, try again',
  );
}

export function closed(): StoreError {
  return new StoreError('unavailable', 'the store is closed');
}
