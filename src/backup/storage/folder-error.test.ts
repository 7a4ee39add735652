/** Which errors of a file system are tried again, and what an operator reads. */
import t from 'tap';
import { errnoOf, folderError } from './folder-error.ts';
import { StorageError } from './storage.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: something, open '/x'`), { code });
}

function codeFor(errno: string): string {
  const error = folderError('folder /x: cannot store a', systemError(errno));
  return error instanceof StorageError ? error.code : 'not a StorageError';
}

t.test('what may go away by itself is tried again', async (t) => {
  const passing = ['ENOSPC', 'EDQUOT', 'EIO', 'ETIMEDOUT', 'EHOSTDOWN', 'ESTALE', 'ENOENT'];
  for (const errno of [...passing, 'EMFILE', 'EBUSY', 'EUNHEARDOF']) {
    t.equal(codeFor(errno), 'unavailable', errno);
  }
});

t.test('what an operator must put right is not', async (t) => {
  for (const errno of ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG', 'EXDEV']) {
    t.equal(codeFor(errno), 'refused', errno);
  }
});

t.test('the message is one line with the place, the object and the reason', async (t) => {
  t.match(folderError('folder /x: cannot store a', systemError('ENOSPC')), {
    message: 'folder /x: cannot store a: the disk is full (ENOSPC)',
  });
  t.match(folderError('folder /x: cannot store a', systemError('EMFILE')), {
    message: "folder /x: cannot store a: EMFILE: something, open '/x' (EMFILE)",
  });
});

t.test('what is not of the file system stays as it is', async (t) => {
  const known = new StorageError('missing', 'x');
  const abort = new DOMException('aborted', 'AbortError');
  for (const error of [known, abort, new TypeError('defect'), 'text']) {
    t.equal(folderError('x', error), error);
  }
  t.equal(errnoOf(abort), undefined, 'its code is a number');
});
