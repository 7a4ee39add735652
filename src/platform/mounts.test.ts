import t from 'tap';
import { isNetworkFileSystem, mountOf } from './mounts.ts';

const MOUNTS = [
  '22 27 0:21 / /proc rw,relatime - proc proc rw',
  '27 1 0:30 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b',
  '31 27 8:1 / /data rw,noatime shared:1 master:2 - ext4 /dev/sda1 rw',
  '32 31 0:44 / /data/share rw,relatime shared:7 - nfs4 server:/export rw,vers=4.1',
  '33 27 0:45 / /mnt/with\\040space\\134 rw - cifs //host/share rw',
  '34 27 0:46 / /over rw - ext4 /dev/sdb1 rw',
  '35 34 0:47 / /over rw - fuse.sshfs user@host:/ rw',
  'not a mount',
  '',
].join('\n');

t.test('the longest mount point that holds the path decides', (t) => {
  const expected: readonly [path: string, point: string, fileSystem: string][] = [
    ['/srv/me', '/', 'overlay'],
    ['/', '/', 'overlay'],
    ['/data', '/data', 'ext4'],
    ['/data/scim', '/data', 'ext4'],
    ['/data/shared', '/data', 'ext4'],
    ['/data/share', '/data/share', 'nfs4'],
    ['/data/share/scim', '/data/share', 'nfs4'],
    ['/database', '/', 'overlay'],
    ['/mnt/with space\\/db', '/mnt/with space\\', 'cifs'],
  ];
  for (const [path, point, fileSystem] of expected) {
    t.same(mountOf(path, MOUNTS), { point, fileSystem }, path);
  }
  t.end();
});

t.test('of two mounts at one point the later one counts', (t) => {
  t.equal(mountOf('/over/db', MOUNTS)?.fileSystem, 'fuse.sshfs');
  t.end();
});

t.test('without a table nothing is known', (t) => {
  t.equal(mountOf('/data', ''), undefined);
  t.end();
});

t.test('network file systems are told from those containers stand on', (t) => {
  const network = ['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'afs', 'ceph', 'glusterfs', 'lustre'];
  const fuse = ['fuse.sshfs', 'fuse.s3fs', 'fuse.blobfuse2', 'fuse.gcsfuse', 'fuse.ceph-fuse'];
  for (const name of [...network, ...fuse]) t.ok(isNetworkFileSystem(name), name);
  const local = ['ext4', 'xfs', 'btrfs', 'zfs', 'overlay', 'tmpfs', '9p', 'virtiofs', 'fuse.ext4'];
  for (const name of [...local, 'fuseblk', 'fuse', 'nfsd', '']) t.notOk(isNetworkFileSystem(name));
  t.end();
});
