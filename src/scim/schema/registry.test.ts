/** Which profiles compile, and how their parts are found. */
import t from 'tap';
import { CORE_PROFILE } from './core.ts';
import { compileRegistry } from './registry.ts';
import {
  coreRegistry,
  DEVICE,
  DEVICE_SCHEMA,
  DEVICE_TYPE,
  OWNER,
  OWNER_SCHEMA,
} from './test/types.ts';

const schemas = [DEVICE_SCHEMA, OWNER_SCHEMA];

t.test('types are found by name, and by endpoint in any case', async (t) => {
  const user = coreRegistry.typesByName.get('User');
  t.equal(coreRegistry.typesByEndpoint.get('users'), user);
  t.same([...coreRegistry.typesByName.keys()], ['User', 'Group']);
  t.equal(coreRegistry.schemas, CORE_PROFILE.schemas);
  t.equal(coreRegistry.resourceTypes, CORE_PROFILE.resourceTypes);
});

t.test('a schema URN is found in any case and kept as defined', async (t) => {
  const registry = compileRegistry({
    schemas,
    resourceTypes: [{ ...DEVICE_TYPE, schema: DEVICE.toUpperCase() }],
  });
  t.equal(registry.typesByName.get('Device')?.schema, DEVICE);
});

t.test('a type whose schema is not defined is refused', async (t) => {
  t.throws(
    () => compileRegistry({ schemas: [OWNER_SCHEMA], resourceTypes: [DEVICE_TYPE] }),
    new Error(`resource type Device names the schema ${DEVICE}, which is not defined`),
  );
  t.throws(
    () => compileRegistry({ schemas: [DEVICE_SCHEMA], resourceTypes: [DEVICE_TYPE] }),
    /names the schema .*Owner, which is not defined/,
  );
});

t.test('nothing may be there twice', async (t) => {
  const extension = { schema: OWNER, required: false };
  const twice = { ...DEVICE_TYPE, schemaExtensions: [extension, extension] };
  t.throws(() => compileRegistry({ schemas, resourceTypes: [twice] }), /names the schema .* twice/);
  const itself = { ...DEVICE_TYPE, schemaExtensions: [{ schema: DEVICE, required: false }] };
  t.throws(
    () => compileRegistry({ schemas, resourceTypes: [itself] }),
    /names the schema .* twice/,
  );
  t.throws(
    () => compileRegistry({ schemas: [DEVICE_SCHEMA, DEVICE_SCHEMA], resourceTypes: [] }),
    /the schema .* twice/,
  );
  t.throws(
    () => compileRegistry({ schemas, resourceTypes: [DEVICE_TYPE, DEVICE_TYPE] }),
    /the resource type Device twice/,
  );
  const other = { ...DEVICE_TYPE, name: 'Other', endpoint: '/DEVICES' };
  t.throws(
    () => compileRegistry({ schemas, resourceTypes: [DEVICE_TYPE, other] }),
    /the endpoint \/DEVICES twice/,
  );
});

t.test('names that would need an escape in URLs or JSON are refused', async (t) => {
  for (const name of ['', 'a b', 'a"b', 'a/b']) {
    t.throws(() => compileRegistry({ schemas, resourceTypes: [{ ...DEVICE_TYPE, name }] }), /name/);
  }
  for (const endpoint of ['Devices', '/', '/a/b', '/a?b']) {
    t.throws(
      () => compileRegistry({ schemas, resourceTypes: [{ ...DEVICE_TYPE, endpoint }] }),
      /endpoint/,
    );
  }
});
