/** The error messages of RFC 7644 §3.12. */
import t from 'tap';
import {
  badRequest,
  ERROR_SCHEMA,
  errorBody,
  isScimType,
  notFound,
  preconditionFailed,
  ScimError,
  uniquenessConflict,
} from './errors.ts';

t.test('each kind of error has the status and scimType of the RFC', async (t) => {
  t.match(badRequest('invalidValue', 'a'), { status: 400, scimType: 'invalidValue', message: 'a' });
  t.match(notFound('b'), { status: 404, scimType: undefined, message: 'b' });
  t.match(uniquenessConflict('c'), { status: 409, scimType: 'uniqueness', message: 'c' });
  t.match(preconditionFailed('d'), { status: 412, scimType: undefined, message: 'd' });
  t.ok(notFound('b') instanceof ScimError);
  t.equal(notFound('b').name, 'ScimError');
});

t.test('the body has a string status and no member beyond the schema', async (t) => {
  t.same(JSON.parse(errorBody(409, 'taken', 'uniqueness')), {
    schemas: [ERROR_SCHEMA],
    status: '409',
    scimType: 'uniqueness',
    detail: 'taken',
  });
  t.same(JSON.parse(errorBody(404, 'gone')), {
    schemas: [ERROR_SCHEMA],
    status: '404',
    detail: 'gone',
  });
});

t.test('whatever stands in a detail, the body stays JSON', async (t) => {
  const detail = 'å€😀 "quoted"\r\n\u0000';
  t.match(JSON.parse(errorBody(400, detail, 'invalidSyntax')), { detail });
});

t.test('only types of RFC 7644 and RFC 9865 are scimTypes', async (t) => {
  for (const known of ['invalidFilter', 'noTarget', 'sensitive', 'expiredCursor']) {
    t.ok(isScimType(known), known);
  }
  for (const unknown of ['', 'InvalidFilter', 'toString', undefined]) t.notOk(isScimType(unknown));
});
