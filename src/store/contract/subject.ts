/** What a subject of the contract is given to work with. */
import type { Test } from 'tap';
import type { Store } from '../store.ts';
import type { Tenant } from './tenant.ts';

/** Opens an empty store, which the suite closes. */
export type OpenStore = (t: Test) => Promise<Store>;

/** Makes an endpoint of its own for a test. */
export type NewTenant = (config?: Readonly<Record<string, unknown>>) => Promise<Tenant>;

export type Subject = (t: Test, newTenant: NewTenant) => Promise<void>;
