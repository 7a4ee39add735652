// Where lines of the app and of the platform are kept, and who hears of alerts.
param app string
param location string
param tags object
param alertEmail string
param logDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${app}-logs'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logDays
    features: {
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${app}-alerts'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'scimlane'
    enabled: true
    emailReceivers: empty(alertEmail)
      ? []
      : [
          {
            name: 'operator'
            emailAddress: alertEmail
            useCommonAlertSchema: true
          }
        ]
  }
}

output workspaceId string = workspace.id
output actionGroupId string = actionGroup.id
