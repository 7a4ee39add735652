// The Container Apps environment, its lines to Log Analytics, and the share when there is one.
param app string
param location string
param tags object

@description('Subnet delegated to Microsoft.App/environments; empty: no network of its own.')
param subnetId string
param workspaceId string

@description('Account of the share to mount; empty: none.')
param storageAccountName string
param shareName string

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${app}-environment'
  location: location
  tags: tags
  properties: {
    // By diagnostic settings, which need no key of the workspace.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: empty(subnetId)
      ? null
      : {
          infrastructureSubnetId: subnetId
          internal: false
        }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    zoneRedundant: false
  }
}

resource lines 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'lines'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
    ]
  }
}

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = if (!empty(storageAccountName)) {
  name: empty(storageAccountName) ? 'none' : storageAccountName
}

resource mount 'Microsoft.App/managedEnvironments/storages@2024-03-01' = if (!empty(storageAccountName)) {
  parent: environment
  name: 'backup'
  properties: {
    azureFile: {
      accountName: storageAccountName
      accountKey: account!.listKeys().keys[0].value
      shareName: shareName
      accessMode: 'ReadWrite'
    }
  }
}

output name string = environment.name
