import t from 'tap';
import { clientAddress, senderOf } from './client-address.ts';

t.test(
  'X-Forwarded-For is believed only behind a proxy that is trusted, and only its end',
  async (t) => {
    const peer = '10.0.0.1';
    t.equal(clientAddress('192.0.2.7', peer, false), peer);
    t.equal(clientAddress(undefined, peer, true), peer);
    const believed: readonly (readonly [string, string])[] = [
      ['192.0.2.7', '192.0.2.7'],
      ['198.51.100.1, 192.0.2.7', '192.0.2.7'],
      ['forged,192.0.2.7 ', '192.0.2.7'],
      ['192.0.2.7:51234', '192.0.2.7'],
      ['2001:db8::1', '2001:db8::1'],
      ['[2001:db8::1]:443', '2001:db8::1'],
      ['', peer],
      ['192.0.2.7,', peer],
    ];
    for (const [header, address] of believed) t.equal(clientAddress(header, peer, true), address);
  },
);

t.test('an IPv4 address is one sender, however it is written', async (t) => {
  for (const text of ['192.0.2.7', '::ffff:192.0.2.7', '0:0:0:0:0:FFFF:192.0.2.7']) {
    t.equal(senderOf(text), '192.0.2.7');
  }
});

t.test('of an IPv6 address the first 64 bits are one sender, however it is written', async (t) => {
  for (const text of [
    '2001:db8:0:7::1',
    '2001:0DB8:0000:0007:0000:0000:0000:0001',
    '2001:db8:0:7:ffff:ffff:ffff:ffff',
  ]) {
    t.equal(senderOf(text), '2001:db8:0:7::/64');
  }
  t.equal(senderOf('2001:db8::1'), '2001:db8:0:0::/64');
  t.equal(senderOf('::1'), '0:0:0:0::/64');
  t.equal(senderOf('::'), '0:0:0:0::/64');
  t.not(senderOf('2001:db8:0:8::1'), senderOf('2001:db8:0:7::1'));
});

t.test('what is no address is kept short', async (t) => {
  t.equal(senderOf('unknown'), 'unknown');
  t.equal(senderOf('x'.repeat(10_000)).length, 64);
});
