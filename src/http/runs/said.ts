/** What was said in full: headers and bodies of a request and its answer, on a run's page. */
import { excessOf } from '../../scim/json-shape.ts';
import type { LoggedContent } from '../../store/request-logs.ts';
import { bodyOf, headersOf } from '../logs/shown.ts';
import { html, type Markup } from './markup.ts';

/** Longer bodies are shown as they came. */
const INDENTED_CHARS = 8192;

/** So are deeper ones: each element is indented by its depth, which makes megabytes of kilobytes. */
const INDENTED_SHAPE = { jsonDepth: 10, jsonObjectKeys: 1000, jsonNames: 1500 };

/** @param inFull false: there is no room left */
export function said(content: LoggedContent | undefined, inFull: boolean): Markup {
  if (content === undefined) return html`<p class="dim">Headers and bodies were not kept.</p>`;
  if (!inFull) return html`<p class="dim">Headers and bodies are left out: the page is full.</p>`;
  const request = message('Request', headersOf(content, 'request'), content.requestBody);
  const answer = message('Answer', headersOf(content, 'response'), content.responseBody);
  return html`${request}${answer}`;
}

function message(
  title: string,
  headers: readonly (readonly [string, string])[],
  body: string | undefined,
): Markup {
  const lines = headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  const shown = body === undefined ? '' : `\n\n${indented(body)}`;
  return html`<h3>${title}</h3>
    <pre>${lines}${shown}</pre>`;
}

function indented(text: string): string {
  if (text.length > INDENTED_CHARS || excessOf(text, INDENTED_SHAPE) !== undefined) return text;
  const parsed = bodyOf(text);
  return typeof parsed === 'string' ? parsed : JSON.stringify(parsed, null, 2);
}
