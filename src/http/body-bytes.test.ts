/** Bodies become the bytes of their text, whatever they are put together from. */
import t from 'tap';
import { TextParts } from '../scim/text-parts.ts';
import { bodyBytes } from './body-bytes.ts';

const MIB = 1024 * 1024;

function sent(body: string | TextParts): string {
  return Buffer.from(bodyBytes(body)).toString('utf8');
}

t.test('text leaves in UTF-8', async (t) => {
  t.equal(sent(''), '');
  t.equal(sent('aé€😀'), 'aé€😀');
});

t.test('parts leave one behind the other', async (t) => {
  const parts = new TextParts();
  for (const part of ['[', '1,', Buffer.from('"é"'), Buffer.from(',2'), ',"😀"', ']']) {
    if (typeof part === 'string') parts.addText(part);
    else parts.addBytes(part);
  }
  t.equal(sent(parts), '[1,"é",2,"😀"]');
  t.equal(parts.all.length, 4, 'strings side by side are one part');
  t.equal(sent(new TextParts()), '');
});

t.test('a body may be larger than the buffer that others share', async (t) => {
  const large = 'é'.repeat(2 * MIB);
  t.equal(bodyBytes(large).length, 4 * MIB);
  t.ok(sent(large) === large);
  t.equal(sent('small'), 'small', 'and what follows is its own');
});
