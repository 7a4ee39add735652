// What somebody must hear of. docs/AZURE.md says what each means and what to do.
param app string
param location string
param tags object
param appId string
param workspaceId string
param actionGroupId string

@description('Account of the backups; empty: there are none.')
param storageAccountName string
param containerName string

resource errors 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${app}-5xx'
  location: 'global'
  tags: tags
  properties: {
    description: 'More than 10 requests were answered 5xx within 5 minutes.'
    severity: 1
    enabled: true
    scopes: [
      appId
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'serverErrors'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'Requests'
          dimensions: [
            {
              name: 'statusCodeCategory'
              operator: 'Include'
              values: [
                '5xx'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 10
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

resource restarts 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${app}-restarts'
  location: 'global'
  tags: tags
  properties: {
    description: 'The container has restarted more than twice.'
    severity: 1
    enabled: true
    scopes: [
      appId
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'restarts'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'RestartCount'
          operator: 'GreaterThan'
          threshold: 2
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

// The server stores something every few seconds, if only that it is there. A metric of the account
// would be silent, not zero, when nothing is stored, and an alert on it would never fire.
resource backupAge 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = if (!empty(storageAccountName)) {
  name: '${app}-backup-age'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${app}-backup-age'
    description: 'Nothing was stored in the backup container for half an hour.'
    severity: 1
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT10M'
    windowSize: 'PT30M'
    autoMitigate: true
    // The table is there only after the first write.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'StorageBlobLogs | where AccountName == "${storageAccountName}" and Uri contains "/${containerName}/" and OperationName == "PutBlob" and StatusCode == "201" | summarize Stored = count()'
          metricMeasureColumn: 'Stored'
          timeAggregation: 'Total'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        actionGroupId
      ]
    }
  }
}
