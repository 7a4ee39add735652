/** What an operator did wrong, told in one line that names the variable and what it takes. */

export class ConfigError extends Error {
  /** The environment variable to change. */
  readonly variable: string;

  /** @param problem one line, without the variable's name */
  constructor(variable: string, problem: string, options?: ErrorOptions) {
    super(`${variable}: ${problem}`, options);
    this.name = 'ConfigError';
    this.variable = variable;
  }
}
