// Scimlane on Azure Container Apps: one replica, its data on the disk of its container and, second by
// second, in a storage account. `npx scimlane azure deploy` deploys this; docs/AZURE.md tells more.
targetScope = 'resourceGroup'

@description('Name of the container app, and the beginning of every other name.')
@minLength(2)
@maxLength(32)
param app string

@description('Region of everything.')
param location string = resourceGroup().location

@description('The image, with its registry and tag.')
param image string

@description('Where backups go. blob: a container. files: that, and a share that is mounted. none: nowhere, and a new revision begins with an empty database.')
@allowed([
  'none'
  'blob'
  'files'
])
param storage string = 'blob'

@description('Name of the storage account: 3 to 24 lower-case letters and digits, unique across Azure.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('How many copies Azure keeps of what is stored: Standard_LRS in one place, Standard_ZRS in three of the region.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
])
param redundancy string = 'Standard_ZRS'

@description('Whether app and storage have a network of their own, and the storage is reached from there only. Cannot be changed once the environment is there.')
param privateNetwork bool = true

@description('Name of the Azure container registry that the image is in; empty: a public one.')
param registryName string = ''

@description('Resource group of that registry.')
param registryGroup string = resourceGroup().name

@description('Cores of the container. Its disk has 1 GB for a quarter of a core, 2 for a half, 4 for one, 8 beyond.')
param cpu string = '1'

@description('Memory of the container: 2Gi for each core.')
param memory string = '2Gi'

@description('URL under which clients reach the app, when that is not the name that Azure gives.')
param publicUrl string = ''

@description('Domains that are bound to the app: name, bindingType and certificateId of each. What is not named is taken off; azure deploy hands on what it finds.')
param customDomains array = []

@description('Who gets mail about alerts; empty: alerts are seen in the portal only.')
param alertEmail string = ''

@description('How many days Log Analytics keeps lines.')
param logDays int = 30

@description('LOG_MAX_SIZE of the server: its request log is on the disk of the container.')
param logMaxSize string = '512MB'

@description('BACKUP_SPOOL_MAX of the server: what waits on the disk while the storage is away.')
param spoolMax string = '1GB'

@description('Of what was deployed, so that the next deployment knows whether anything differs.')
param fingerprint string = ''

@description('SCIM_SHARED_SECRET: at least 32 characters that nobody can guess.')
@secure()
@minLength(32)
param sharedSecret string

@description('JWT_SECRET; empty: tokens are signed with keys that change each day and are published.')
@secure()
param jwtSecret string = ''

var hasStorage = storage != 'none'
var hasShare = storage == 'files'
var containerName = 'scimlane'
var shareName = 'scimlane'
var tags = {
  application: 'scimlane'
  app: app
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${app}-identity'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: '${app}-monitoring'
  params: {
    app: app
    location: location
    tags: tags
    alertEmail: alertEmail
    logDays: logDays
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: '${app}-network'
  params: {
    app: app
    location: location
    tags: tags
  }
}

module backups 'modules/storage.bicep' = if (hasStorage) {
  name: '${app}-storage'
  params: {
    accountName: storageAccountName
    location: location
    tags: tags
    redundancy: redundancy
    containerName: containerName
    shareName: hasShare ? shareName : ''
    isPublic: !privateNetwork
    principalId: identity.properties.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module blobEndpoint 'modules/private-endpoint.bicep' = if (hasStorage && privateNetwork) {
  name: '${app}-blob-endpoint'
  params: {
    app: app
    location: location
    tags: tags
    service: 'blob'
    accountId: backups!.outputs.accountId
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
  }
}

module fileEndpoint 'modules/private-endpoint.bicep' = if (hasShare && privateNetwork) {
  name: '${app}-file-endpoint'
  params: {
    app: app
    location: location
    tags: tags
    service: 'file'
    accountId: backups!.outputs.accountId
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
  }
}

module registryAccess 'modules/registry-access.bicep' = if (!empty(registryName)) {
  name: '${app}-registry-access'
  scope: resourceGroup(registryGroup)
  params: {
    registryName: registryName
    principalId: identity.properties.principalId
  }
}

module environment 'modules/environment.bicep' = {
  name: '${app}-environment'
  params: {
    app: app
    location: location
    tags: tags
    subnetId: privateNetwork ? network!.outputs.environmentSubnetId : ''
    workspaceId: monitoring.outputs.workspaceId
    storageAccountName: hasShare ? storageAccountName : ''
    shareName: shareName
  }
  dependsOn: [
    backups
    fileEndpoint
  ]
}

module server 'modules/app.bicep' = {
  name: '${app}-app'
  params: {
    app: app
    location: location
    tags: union(tags, { fingerprint: fingerprint })
    environmentName: environment.outputs.name
    identityId: identity.id
    identityClientId: identity.properties.clientId
    image: image
    registryServer: empty(registryName) ? '' : '${registryName}.azurecr.io'
    cpu: cpu
    memory: memory
    publicUrl: publicUrl
    customDomains: customDomains
    logMaxSize: logMaxSize
    spoolMax: spoolMax
    storageAccountName: hasStorage ? storageAccountName : ''
    containerName: containerName
    hasShare: hasShare
    sharedSecret: sharedSecret
    jwtSecret: jwtSecret
  }
  // The server does not start without its storage: the roles and the way there come first.
  dependsOn: [
    backups
    blobEndpoint
    registryAccess
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: '${app}-alerts'
  params: {
    app: app
    location: location
    tags: tags
    appId: server.outputs.appId
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
    storageAccountName: hasStorage ? storageAccountName : ''
    containerName: containerName
  }
}

output url string = server.outputs.url
output identityName string = identity.name
output storageAccountName string = hasStorage ? storageAccountName : ''
