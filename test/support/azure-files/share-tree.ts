/**
 * The directories and files of one share, in memory, with the rules of Azure Files for each change.
 * Left out, because no name of ours can tell: that names keep their case but ignore it, and that a
 * dot at their end is dropped ("Naming and referencing shares, directories, files, and metadata").
 */
import { Refusal } from './error-answers.ts';

export interface FileNode {
  readonly kind: 'file';
  content: Buffer;
  lastModified: Date;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly children: Map<string, ShareNode>;
}

export type ShareNode = FileNode | DirectoryNode;

/** Paths have `/` between their names and at neither end; the root is the empty one. */
export class ShareTree {
  readonly #root: DirectoryNode = { kind: 'directory', children: new Map() };

  /** "Create Directory", Remarks: the parent must exist, and the name must not be taken. */
  createDirectory(path: string): void {
    const { siblings, name } = this.#place(path);
    if (siblings.has(name)) throw new Refusal('ResourceAlreadyExists');
    siblings.set(name, { kind: 'directory', children: new Map() });
  }

  /** "Delete Directory", Remarks: only when it is empty. */
  deleteDirectory(path: string): void {
    if (this.directory(path).children.size > 0) throw new Refusal('DirectoryNotEmpty');
    const { siblings, name } = this.#place(path);
    siblings.delete(name);
  }

  /** "Create File", Remarks: initializes the file; one that exists is overwritten. */
  createFile(path: string, bytes: number): FileNode {
    const { siblings, name } = this.#place(path);
    if (siblings.get(name)?.kind === 'directory') throw new Refusal('ResourceTypeMismatch');
    const file: FileNode = { kind: 'file', content: Buffer.alloc(bytes), lastModified: new Date() };
    siblings.set(name, file);
    return file;
  }

  deleteFile(path: string): void {
    this.file(path);
    const { siblings, name } = this.#place(path);
    siblings.delete(name);
  }

  /** "Put Range", Remarks: writes in place, in a file that exists. */
  putRange(path: string, start: number, bytes: Buffer): FileNode {
    const file = this.file(path);
    if (start + bytes.length > file.content.length) throw new Refusal('InvalidRange');
    bytes.copy(file.content, start);
    file.lastModified = new Date();
    return file;
  }

  /**
   * "Rename File": the page says what `x-ms-file-rename-replace-if-exists` allows, and not what is
   * answered without it. The SDKs' own tests against the service have that: 409, in Go's words
   * ResourceAlreadyExists, and both files are as they were.
   */
  rename(from: string, to: string, replaceIfExists: boolean): FileNode {
    const file = this.file(from);
    const { siblings, name } = this.#place(to);
    const taken = siblings.get(name);
    if (taken?.kind === 'directory') throw new Refusal('ResourceAlreadyExists');
    if (taken !== undefined && !replaceIfExists) throw new Refusal('ResourceAlreadyExists');
    this.deleteFile(from);
    siblings.set(name, file);
    return file;
  }

  file(path: string): FileNode {
    const node = this.#node(path);
    if (node.kind !== 'file') throw new Refusal('ResourceTypeMismatch');
    return node;
  }

  directory(path: string): DirectoryNode {
    const node = this.#node(path);
    if (node.kind !== 'directory') throw new Refusal('ResourceTypeMismatch');
    return node;
  }

  /** For tests: the paths of all files and empty directories. */
  paths(directory: DirectoryNode = this.#root, prefix = ''): string[] {
    return [...directory.children].flatMap(([name, node]) => {
      if (node.kind === 'file') return [prefix + name];
      const path = `${prefix}${name}/`;
      return node.children.size === 0 ? [path] : this.paths(node, path);
    });
  }

  #node(path: string): ShareNode {
    if (path === '') return this.#root;
    const { siblings, name } = this.#place(path);
    const node = siblings.get(name);
    if (node === undefined) throw new Refusal('ResourceNotFound');
    return node;
  }

  /** Where a path leads, which need not exist; what is above it must. */
  #place(path: string): { siblings: Map<string, ShareNode>; name: string } {
    const names = path.split('/');
    const name = names.pop() ?? '';
    let directory = this.#root;
    for (const above of names) {
      const next = directory.children.get(above);
      if (next?.kind !== 'directory') throw new Refusal('ParentNotFound');
      directory = next;
    }
    return { siblings: directory.children, name };
  }
}
