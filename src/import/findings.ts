/**
 * What an import has to tell beside its counts: what was mapped, changed, dropped, differs or was
 * refused, by resource and path. Everything goes to the report file as it is found; here only a
 * bounded summary stays. They name paths; where a refusal quotes a value, it is in the words of our
 * API, which never quote a secret.
 */

/**
 * `mapped`: a flag of an endpoint has become a setting. `changed`: taken otherwise than it was.
 * `dropped`: not taken, beside the rest of its resource. `differs`: another state is here, and stays.
 * `refused`: could not be taken.
 */
export type FindingKind = 'mapped' | 'changed' | 'dropped' | 'differs' | 'refused';

export interface Finding {
  readonly kind: FindingKind;
  /** Name of the endpoint, as far as it is known. */
  readonly endpoint: string;
  /** `Endpoint`, `User`, `Group` or `RequestLog`. */
  readonly type: string;
  readonly id: string;
  /** Path of the attribute, name of the flag or setting; '' for the whole. */
  readonly path: string;
  /** One line that says what, and why. */
  readonly detail: string;
}

/** Findings that say the same of many resources. */
export interface FindingGroup {
  readonly kind: FindingKind;
  readonly type: string;
  readonly path: string;
  readonly detail: string;
  readonly count: number;
  /** The first of them: endpoint and id. */
  readonly example: string;
}

/** Refused ones and those that differ are kept by name, so many of each. */
const NAMED_MAX = 1000;
/** Kinds of finding told apart; what comes beyond is counted with its kind alone. */
const GROUPS_MAX = 500;

export class Findings {
  readonly #tell: (finding: Finding) => void;
  readonly #groups = new Map<string, { -readonly [K in keyof FindingGroup]: FindingGroup[K] }>();
  readonly #counts: Record<FindingKind, number> = {
    mapped: 0,
    changed: 0,
    dropped: 0,
    differs: 0,
    refused: 0,
  };
  readonly #named: Finding[] = [];

  /** @param tell takes each of them at once */
  constructor(tell: (finding: Finding) => void = () => undefined) {
    this.#tell = tell;
  }

  add(finding: Finding): void {
    const { kind, type, path, detail, endpoint, id } = finding;
    this.#tell(finding);
    this.#counts[kind] += 1;
    if (kind === 'refused' || kind === 'differs') {
      if (this.#named.length < NAMED_MAX) this.#named.push(finding);
      return;
    }
    const key = JSON.stringify([kind, type, path, detail]);
    const known = this.#groups.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#groups.size < GROUPS_MAX) {
      const example = type === 'Endpoint' ? endpoint : `${endpoint}: ${type} ${id}`;
      this.#groups.set(key, { kind, type, path, detail, count: 1, example });
    }
  }

  count(kind: FindingKind): number {
    return this.#counts[kind];
  }

  /** The most frequent first. */
  groups(): readonly FindingGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  /** What was refused or differs, by name; at most a thousand. */
  named(): readonly Finding[] {
    return this.#named;
  }
}

/** Findings about one resource or endpoint. */
export class Notes {
  readonly #findings: Findings;
  readonly #about: Pick<Finding, 'endpoint' | 'type' | 'id'>;

  constructor(findings: Findings, about: Pick<Finding, 'endpoint' | 'type' | 'id'>) {
    this.#findings = findings;
    this.#about = about;
  }

  readonly add = (kind: FindingKind, path: string, detail: string): void => {
    this.#findings.add({ kind, ...this.#about, path, detail });
  };
}
