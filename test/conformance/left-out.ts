/** Requirements of the RFCs that have no row, and why; shown at the end of docs/CONFORMANCE.md. */

interface LeftOut {
  readonly where: string;
  readonly what: string;
  readonly why: string;
}

const CLIENT = 'binds clients';
const INVISIBLE = 'cannot be seen in an answer';

export const LEFT_OUT: readonly LeftOut[] = [
  { where: '7643 §1', what: 'notation', why: 'binds readers of the RFC' },
  { where: '7643 §2.3', what: 'no new data types', why: 'binds authors of extensions' },
  {
    where: '7643 §2.4',
    what: 'URIs with and without version are comparable',
    why: 'needs a server of two versions',
  },
  {
    where: '7643 §3.1',
    what: 'externalId is scoped to the provisioning domain',
    why: 'needs two domains; an endpoint is one',
  },
  {
    where: '7643 §4.1',
    what: 'what display names should say, formats of e-mail addresses, numbers and countries',
    why: 'binds who fills in the values; nothing is refused for it',
  },
  {
    where: '7643 §4.1.1, §9.2',
    what: 'passwords are hashed and protected where they are kept',
    why: `${INVISIBLE}; tested beside src/platform/secret-hash.ts`,
  },
  {
    where: '7643 §4.1.2',
    what: 'canonical forms of e-mail addresses, numbers and IM handles',
    why: 'SHOULD where appropriate: values come back as they were sent, for clients compare them',
  },
  { where: '7643 §10', what: 'registration of schemas', why: 'binds IANA and authors' },
  { where: '7644 §1.3', what: 'a base URL has no query', why: 'binds who hands it out' },
  {
    where: '7644 §2',
    what: 'kinds of tokens, policies for authenticated subjects',
    why: INVISIBLE,
  },
  {
    where: '7644 §3.3',
    what: 'meta.location in the body when Location is relative',
    why: 'one row covers both',
  },
  {
    where: '7644 §3.4.2.1',
    what: 'tooMany when a query finds too much',
    why: 'needs more resources than a row can make; tested beside the reader',
  },
  { where: '7644 §3.8', what: 'encodings other than UTF-8', why: CLIENT },
  { where: '7644 §3.10', what: 'clients qualify attributes of extensions', why: CLIENT },
  {
    where: '7644 §3.12',
    what: 'redirects 307 and 308',
    why: 'the server sends none',
  },
  {
    where: '7644 §7.2 to §7.7',
    what: 'TLS, lifetime and entropy of tokens, storage of credentials',
    why: 'belong to the deployment, see OPERATIONS.md',
  },
  {
    where: '7644 §7.5.2',
    what: '403 for filters with personal data in a URL',
    why: 'SHOULD: identity providers look users up by e-mail address in GET, and would be cut off',
  },
  {
    where: '9865 §2',
    what: 'the next request repeats the query of the first',
    why: `${CLIENT}; what happens otherwise is a row of §2.1`,
  },
  {
    where: '9865 §2.1',
    what: 'expiredCursor',
    why: 'needs an hour of patience; tested with another clock beside the cursor',
  },
  {
    where: '9865 §5.2',
    what: 'cursors and permissions',
    why: 'a token may read the whole of its endpoint; cursors of another endpoint are refused, tested beside the cursor',
  },
];
