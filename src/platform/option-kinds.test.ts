import t from 'tap';
import {
  azureContainer,
  bearerToken,
  byteSize,
  connectionString,
  duration,
  fileUrl,
  folderPath,
  hostName,
  oneOf,
  orOff,
  storageAccount,
  webUrl,
  wholeNumber,
} from './option-kinds.ts';

t.test('a file URL in each of its forms is a path', (t) => {
  const paths: Readonly<Record<string, string>> = {
    'file:./data/scimlane.db': './data/scimlane.db',
    'file:data.db': 'data.db',
    'file:../up/data.db': '../up/data.db',
    'file:/var/data.db': '/var/data.db',
    'file:///var/data.db': '/var/data.db',
    'file:/var/with space.db': '/var/with space.db',
  };
  for (const [url, path] of Object.entries(paths)) t.equal(fileUrl().read(url), path);
  t.end();
});

t.test('other URLs, folders and parameters are no database file', (t) => {
  const refused = [
    ...['postgres://host/db', 'data.db', '/var/data.db', 'FILE', 'file:', 'file://', 'file:///'],
    ...['file://host/data.db', 'file:////host/data.db', 'file:data/', 'file:.', 'file:data/..'],
    ...['file:data.db?mode=ro', 'file:data.db#1', 'file:a%20b.db', 'file:a\0.db'],
  ];
  for (const url of refused) t.equal(fileUrl().read(url), undefined, url);
  t.end();
});

t.test('a web URL loses its trailing slash and keeps its path', (t) => {
  t.equal(webUrl().read('https://scim.example.com'), 'https://scim.example.com');
  t.equal(webUrl().read('http://localhost:8080/'), 'http://localhost:8080');
  t.equal(webUrl().read('https://example.com/a/b//'), 'https://example.com/a/b');
  const refused = [
    'example.com',
    'ftp://example.com',
    'https://',
    'https://a.com/?q',
    'https://a/#',
  ];
  for (const url of [...refused, 'https://user@a.com', 'https://u:p@a.com', 'https://a.com/?']) {
    t.equal(webUrl().read(url), undefined, url);
  }
  t.end();
});

t.test('a whole number has digits only and keeps its bounds', (t) => {
  const port = wholeNumber(1, 65535);
  t.equal(port.read('1'), 1);
  t.equal(port.read('65535'), 65535);
  for (const text of ['0', '65536', '-1', '1.0', '1e3', ' 1', '0x10', '', '9'.repeat(400)]) {
    t.equal(port.read(text), undefined, text);
  }
  t.end();
});

t.test('a word is read in any case and listed for people', (t) => {
  const kind = oneOf('FULL', 'NORMAL', 'OFF');
  t.equal(kind.read('full'), 'FULL');
  t.equal(kind.read('fully'), undefined);
  t.equal(kind.takes, 'FULL, NORMAL or OFF');
  t.end();
});

t.test('a host is a name or an address, nothing with a scheme or a space', (t) => {
  for (const host of ['0.0.0.0', '::', 'fe80::1', 'scim.internal', 'my_host']) {
    t.equal(hostName().read(host), host);
  }
  for (const host of ['http://a', 'a b', '[::1]', 'a/b']) t.equal(hostName().read(host), undefined);
  t.end();
});

t.test('a bearer token has padding only at its end', (t) => {
  t.equal(bearerToken().read('a+/b=='), 'a+/b==');
  for (const token of ['=a', 'a=b', '', 'a b', 'å']) t.equal(bearerToken().read(token), undefined);
  t.end();
});

t.test('a duration is a number and its unit, within its bounds, in milliseconds', (t) => {
  const kind = duration('50ms', '2d');
  const values: Readonly<Record<string, number>> = {
    '50ms': 50,
    '1s': 1000,
    '90S': 90_000,
    '5m': 300_000,
    '1h': 3_600_000,
    '2d': 172_800_000,
    '48h': 172_800_000,
  };
  for (const [text, ms] of Object.entries(values)) t.equal(kind.read(text), ms, text);
  for (const text of [
    '49ms',
    '3d',
    '49h',
    '5',
    's',
    '',
    '1.5s',
    '-1s',
    '1 s',
    '1s2m',
    '1w',
    '1e2s',
  ]) {
    t.equal(kind.read(text), undefined, text);
  }
  t.match(kind.takes, /^a duration from 50ms to 2d/);
  t.end();
});

t.test('a size is a number and its unit, in bytes', (t) => {
  const kind = byteSize('1MB', '2TB');
  t.equal(kind.read('1MB'), 1_048_576);
  t.equal(kind.read('512mb'), 536_870_912);
  t.equal(kind.read('1GB'), 1_073_741_824);
  t.equal(kind.read('1024KB'), 1_048_576);
  t.equal(kind.read('2TB'), 2 ** 41);
  for (const text of [
    '1KB',
    '3TB',
    '1048576',
    '1.5GB',
    'GB',
    '1 GB',
    '1MiB',
    '1m',
    '99999999999GB',
  ]) {
    t.equal(kind.read(text), undefined, text);
  }
  t.end();
});

t.test('a schedule may be off', (t) => {
  const kind = orOff(duration('1m', '1d'));
  t.equal(kind.read('off'), 'off');
  t.equal(kind.read('OFF'), 'off');
  t.equal(kind.read('1h'), 3_600_000);
  t.equal(kind.read('0'), undefined);
  t.match(kind.takes, /, or off$/);
  t.end();
});

t.test('a folder is a path, not a URL', (t) => {
  for (const path of ['./backup', '/mnt/backup', 'backup', '../b', '/with space/b']) {
    t.equal(folderPath().read(path), path);
  }
  for (const path of ['', 'file:///mnt/b', 'smb://host/share', 'https://a.blob.example', 'a\0b']) {
    t.equal(folderPath().read(path), undefined, path);
  }
  t.end();
});

t.test('Azure names keep the rules of Azure', (t) => {
  for (const name of ['abc', 'a1b', '0'.repeat(24)]) t.equal(storageAccount().read(name), name);
  for (const name of ['ab', 'a'.repeat(25), 'Abc', 'a-b', 'a_b', 'abc.blob', '']) {
    t.equal(storageAccount().read(name), undefined, name);
  }
  for (const name of ['abc', 'a-b', 'scim-backups-1', '9'.repeat(63)]) {
    t.equal(azureContainer().read(name), name);
  }
  for (const name of ['ab', '-ab', 'ab-', 'a--b', 'Abc', 'a_b', 'a/b', '9'.repeat(64), '']) {
    t.equal(azureContainer().read(name), undefined, name);
  }
  t.end();
});

t.test('a connection string has names, values and an account', (t) => {
  const whole =
    'DefaultEndpointsProtocol=https;AccountName=abc;AccountKey=a+/b==;EndpointSuffix=core.windows.net';
  const emulated = 'AccountName=a;AccountKey=b==;BlobEndpoint=http://127.0.0.1:10000/a;';
  const signed =
    'BlobEndpoint=https://abc.blob.core.windows.net;SharedAccessSignature=sv=1&sig=a%3D';
  for (const text of [whole, emulated, signed, 'UseDevelopmentStorage=true']) {
    t.equal(connectionString().read(text), text);
  }
  for (const text of [
    '',
    'abc',
    'AccountKey=a==',
    'AccountName',
    'AccountName=a b',
    'a;AccountName=b',
  ]) {
    t.equal(connectionString().read(text), undefined, text);
  }
  t.end();
});
