/** What `scimlane azure --help` says. */

export const AZURE_HELP = `scimlane azure <command> --group <resource group> [--app <name>]    drives az (docs/AZURE.md)

  deploy                     makes everything, or what is missing, or changes what differs
      --image <image>        with registry and tag; needed for the first time
      --location <region>    of a resource group that is not there yet
      --environment dev|prod which preset of infra/parameters; default: prod, later as it is
      --storage none|blob|files   where backups go; files: Blob and a mounted share
      --storage-account <name>    default: made of app, group and subscription
      --registry-group <group>    of the Azure registry that the image is in; default: --group
      --public-url <url>     what clients call it, when that is not the name that Azure gives
      --alert-email <mail>   who hears of alerts
      --jwt-secret           signs tokens with a secret of its own (JWT_SECRET)
  add-storage                gives a storage to an app that was deployed without
      --storage blob|files   default: blob
      --storage-account <name>
  status                     what runs; exit code 1 while it is not healthy
  logs                       what the server says
      --follow               and goes on, until it is ended
      --system               what the platform says of it
      --tail <lines>         1 to 300; default: 50
  upgrade --image <image>    stops the app, starts the image
  rollback                   the same with the image before
      --revision <name>      with the image of this one

  --app <name>               default: scimlane
  --subscription <name>      default: the one that az has
  --what-if                  tells what would be done, does nothing
  --discard-data             lets an app without storage lose what it holds
  --json                     the result as JSON on stdout, without progress

The token is made by the first deploy and shown then, once; with SCIM_SHARED_SECRET set it is that.
`;
