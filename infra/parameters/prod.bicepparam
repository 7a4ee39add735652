// For production: two cores, one for the writer and one for all else, and a network of its own.
// `npx scimlane azure deploy` takes its values too.
using '../main.bicep'

param app = readEnvironmentVariable('SCIMLANE_APP')
param image = readEnvironmentVariable('SCIMLANE_IMAGE')
param storageAccountName = readEnvironmentVariable('BLOB_BACKUP_ACCOUNT')
param sharedSecret = readEnvironmentVariable('SCIM_SHARED_SECRET')
param storage = 'blob'
param redundancy = 'Standard_ZRS'
param privateNetwork = true
param cpu = '2'
param memory = '4Gi'
param logDays = 90
param logMaxSize = '1GB'
param spoolMax = '1GB'
