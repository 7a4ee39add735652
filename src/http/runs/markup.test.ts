/** What is put into a page stays text, wherever a template puts it. */
import fc from 'fast-check';
import t from 'tap';
import { html } from './markup.ts';

t.test('a part cannot leave its place', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '/') }), (text) => {
      const { text: inside } = html`<p title="${text}">${text}</p>`;
      const [, title = '', body = ''] = /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(inside) ?? [];
      return unescaped(title) === text && unescaped(body) === text;
    }),
  );
  t.end();
});

t.test('markup within markup is taken as it is, also in lists', (t) => {
  const items = ['<', '&'].map((text) => html`<li>${text}</li>`);
  const whole = html`<ul>
    ${items}${2}
  </ul>`;
  t.equal(whole.text.replaceAll(/\s/g, ''), '<ul><li>&lt;</li><li>&amp;</li>2</ul>');
  t.end();
});

function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text
    .replaceAll('&#39;', "'")
    .replaceAll(/&(amp|lt|gt|quot);/g, (_, name: string) => characters[name] ?? '');
}
