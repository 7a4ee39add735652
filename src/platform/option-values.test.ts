import t from 'tap';
import { OPTIONS } from './config.ts';
import type { Option } from './option.ts';
import { type OptionValue, optionValues } from './option-values.ts';

function valueOf(values: readonly OptionValue[], name: string): OptionValue | undefined {
  return values.find((each) => each.name === name);
}

t.test('every option is there once, with its value and where it comes from', (t) => {
  const values = optionValues({ PORT: '9000', HOST: '' });
  const names = Object.values(OPTIONS).map(({ name }) => name);
  t.same(values.map(({ name }) => name).toSorted(), names.toSorted());
  t.same(valueOf(values, 'PORT'), { name: 'PORT', value: '9000', source: 'environment' });
  t.same(valueOf(values, 'HOST'), { name: 'HOST', value: '127.0.0.1', source: 'default' });
  t.same(valueOf(values, 'PUBLIC_URL'), { name: 'PUBLIC_URL', value: null, source: 'default' });
  t.match(valueOf(values, 'SCIM_SHARED_SECRET'), { value: 'set', source: 'generated' });
  t.match(valueOf(optionValues({ NODE_ENV: 'Production' }), 'HOST'), { value: '0.0.0.0' });
  t.end();
});

t.test('no secret is told, whichever it is', (t) => {
  const options: readonly Option<unknown>[] = Object.values(OPTIONS);
  const secrets = options.filter(({ secret }) => secret === true);
  t.ok(secrets.length >= 3);
  const env = Object.fromEntries(secrets.map(({ name }) => [name, `planted-in-${name}`]));
  const values = optionValues(env);
  t.notMatch(JSON.stringify(values), 'planted');
  for (const { name } of secrets) {
    t.same(valueOf(values, name), { name, value: 'set', source: 'environment' });
  }
  t.end();
});
