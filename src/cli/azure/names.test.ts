import fc from 'fast-check';
import t from 'tap';
import { azureRegistryOf, storageAccountName } from './names.ts';

t.test('a storage account has a name that Azure takes, always the same', (t) => {
  const name = fc.string({ maxLength: 90 });
  fc.assert(
    fc.property(name, name, name, (subscription, group, app) => {
      const account = storageAccountName(subscription, group, app);
      return (
        /^[a-z0-9]{3,24}$/.test(account) &&
        account === storageAccountName(subscription.toUpperCase().toLowerCase(), group, app)
      );
    }),
    { numRuns: 300, examples: [['', '', '']] },
  );
  const one = storageAccountName('s', 'rg', 'scimlane');
  t.match(one, /^scimlane[a-z0-9]{13}$/);
  t.equal(storageAccountName('S', 'RG', 'scimlane'), one, 'names are the same in any case');
  for (const other of [
    ['s2', 'rg'],
    ['s', 'rg2'],
    ['s/rg', ''],
  ] as const) {
    t.not(storageAccountName(other[0], other[1], 'scimlane'), one, other.join(' '));
  }
  t.not(storageAccountName('s', 'rg', 'scim-lane'), one, 'also when the readable part is the same');
  t.end();
});

t.test('an Azure registry is known by its host', (t) => {
  t.equal(azureRegistryOf('contoso.azurecr.io/scimlane:1'), 'contoso');
  t.equal(azureRegistryOf('ghcr.io/contoso.azurecr.io/scimlane:1'), undefined);
  t.equal(azureRegistryOf('docker.io/scimlane'), undefined);
  t.end();
});
