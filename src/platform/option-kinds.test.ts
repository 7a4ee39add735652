import t from 'tap';
import { bearerToken, fileUrl, hostName, oneOf, webUrl, wholeNumber } from './option-kinds.ts';

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
