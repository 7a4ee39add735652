// For trying it out: small, without a network of its own. The storage is reached over the Internet,
// by the app's identity only. `npx scimlane azure deploy --environment dev` takes its values too.
using '../main.bicep'

param app = readEnvironmentVariable('SCIMLANE_APP')
param image = readEnvironmentVariable('SCIMLANE_IMAGE')
param storageAccountName = readEnvironmentVariable('BLOB_BACKUP_ACCOUNT')
param sharedSecret = readEnvironmentVariable('SCIM_SHARED_SECRET')
param storage = 'blob'
param redundancy = 'Standard_LRS'
param privateNetwork = false
param cpu = '0.5'
param memory = '1Gi'
param logDays = 30
param logMaxSize = '256MB'
param spoolMax = '256MB'
