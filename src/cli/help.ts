/** What `scimlane --help` says. */

export const HELP = `scimlane                      runs the server; its options are environment variables (docs/CONFIG.md)

Backups, with the same environment variables as the server:

  scimlane backup now         has the running server take a snapshot and verify it
      --url <url>             the server; default: HOST and PORT. The token is SCIM_SHARED_SECRET
  scimlane backup list        snapshots, and the times one can go back to
  scimlane backup verify      reads every stored object and checks it
  scimlane restore            makes a database file from a backup
      --to <target>           a time (2026-11-21T05:23:40Z), a commit sequence, or latest
      --into <file>           the file to make; it must not be there yet
  scimlane drill              restores the newest backup to a scratch file, checks it and removes it

Azure (scimlane azure --help tells all of it):

  scimlane azure deploy       a container app with everything around it; run again, it goes on
  scimlane azure add-storage  gives it a storage for its backups
  scimlane azure status, logs, upgrade, rollback

From SCIMServer (docs/MIGRATION.md), into the database of DATABASE_URL, while no server runs on it:

  scimlane import <scim.db>   takes endpoints, users, groups and members, with their ids and times
      --dry-run               the whole report, with nothing written; may run beside the server
      --overwrite             what is here and differs becomes what the file has
      --keep-unknown          new endpoints keep attributes that no schema knows
      --logs                  takes rows of the request log too, without headers and bodies
      --report <file>         every finding as a line of JSON

  --json                      the result as JSON on stdout, without progress
  --help                      this text

list, verify, restore and drill only read the storages: they are safe while the server runs. A
restored file is put in the server's place while the server is stopped (docs/OPERATIONS.md), or by
POST /scim/admin/backup/restore while it runs.

Exit codes: 0 done, 1 failed or something is damaged, 2 the command or a variable is wrong, 3 an
import was done, but something of it was refused or differs from what is here.
`;
