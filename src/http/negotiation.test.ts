import t from 'tap';
import { failureOf } from './test/failure-of.ts';
import { requireJsonContent } from './negotiation.ts';

t.test('SCIM and plain JSON in UTF-8 are taken', (t) => {
  const taken = [
    'application/scim+json',
    'application/json',
    'Application/SCIM+JSON',
    'application/json; charset=utf-8',
    'application/scim+json;charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json; charset=utf8; odata=verbose',
  ];
  for (const type of taken) t.doesNotThrow(() => requireJsonContent(type), type);
  t.end();
});

t.test('anything else is 415 that says what is taken', (t) => {
  const refused = [
    undefined,
    '',
    'text/plain',
    'application/xml',
    'application/jsonp',
    'application/json-patch+json',
    'multipart/form-data; boundary=application/json',
    'application/json; charset=iso-8859-1',
    'application/json; charset=',
    'application/json; charset=utf-16',
  ];
  for (const type of refused) {
    const failure = { status: 415, message: /application\/scim\+json/ };
    t.match(
      failureOf(() => requireJsonContent(type)),
      failure,
      String(type),
    );
  }
  t.end();
});
