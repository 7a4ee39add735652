/** Reads Linux' table of mounts (proc_pid_mountinfo(5)): which file system holds a path. Pure. */

export interface Mount {
  readonly point: string;
  /** As the kernel names it: `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly fileSystem: string;
}

/** The mount that holds an absolute path without symbolic links. */
export function mountOf(path: string, mountInfo: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of mountInfo.split('\n')) {
    const mount = parseLine(line);
    if (mount === undefined || !holds(mount.point, path)) continue;
    // Equally long: the later one is mounted over the earlier.
    if (found === undefined || mount.point.length >= found.point.length) found = mount;
  }
  return found;
}

const NETWORK_FILE_SYSTEMS = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', 'afs', 'coda', 'davfs'],
  ...['ceph', 'glusterfs', 'lustre', 'gpfs', 'beegfs', 'orangefs', 'pvfs2'],
]);

const NETWORK_FUSE =
  /^fuse\.(sshfs|ceph.*|glusterfs|s3fs|mount-s3|goofys|blobfuse.*|gcsfuse|rclone|davfs.*|juicefs.*|seaweedfs|mfs|smb.*|cifs|nfs.*)$/i;

/** 9p, virtiofs, overlay and tmpfs are local for our purpose: containers and VMs stand on them. */
export function isNetworkFileSystem(fileSystem: string): boolean {
  return NETWORK_FILE_SYSTEMS.has(fileSystem) || NETWORK_FUSE.test(fileSystem);
}

/** `id parent major:minor root point options [tags …] - type source options` */
function parseLine(line: string): Mount | undefined {
  const fields = line.split(' ');
  const separator = fields.indexOf('-', 6);
  const point = fields[4];
  const fileSystem = fields[separator + 1];
  if (separator < 0 || point === undefined || fileSystem === undefined) return undefined;
  return { point: unescape(point), fileSystem };
}

/** Space, tab, newline and backslash are written in octal. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function holds(point: string, path: string): boolean {
  return point === '/' || path === point || path.startsWith(`${point}/`);
}
