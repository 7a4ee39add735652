/** An object of the backup that is not what was stored: refused by name, never papered over. */

export class DamagedObject extends Error {
  /** Of the object. */
  readonly object: string;

  /**
   * @param object its name
   * @param problem one line: what is wrong with it
   * @param storage label of the storage it came from
   */
  constructor(object: string, problem: string, storage?: string, options?: ErrorOptions) {
    const place = storage === undefined ? '' : `${storage}: `;
    super(`${place}${object} is damaged: ${problem}`, options);
    this.name = 'DamagedObject';
    this.object = object;
  }
}
