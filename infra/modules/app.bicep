// The server: exactly one replica, for there is one writer.
param app string
param location string
param tags object
param environmentName string
param identityId string
param identityClientId string
param image string

@description('Host of the registry to pull from with the identity; empty: a public one.')
param registryServer string
param cpu string
param memory string
param publicUrl string
param customDomains array
param logMaxSize string
param spoolMax string

@description('Account of the container for backups; empty: no backups.')
param storageAccountName string
param containerName string

@description('Whether the share called backup of the environment is mounted.')
param hasShare bool

@secure()
param sharedSecret string

@secure()
param jwtSecret string

var port = 8080
var hasJwtSecret = !empty(jwtSecret)

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' existing = {
  name: environmentName
}

var ownUrl = 'https://${app}.${environment.properties.defaultDomain}'

var always = [
  {
    name: 'SCIM_SHARED_SECRET'
    secretRef: 'scim-shared-secret'
  }
  {
    name: 'PUBLIC_URL'
    value: empty(publicUrl) ? ownUrl : publicUrl
  }
  // The ingress sets X-Forwarded-For; without it wrong tokens would all come from one address.
  {
    name: 'TRUST_PROXY'
    value: 'true'
  }
  {
    name: 'LOG_MAX_SIZE'
    value: logMaxSize
  }
]

var forTokens = hasJwtSecret
  ? [
      {
        name: 'JWT_SECRET'
        secretRef: 'jwt-secret'
      }
    ]
  : []

var forBlob = empty(storageAccountName)
  ? []
  : [
      {
        name: 'BLOB_BACKUP_ACCOUNT'
        value: storageAccountName
      }
      {
        name: 'BLOB_BACKUP_CONTAINER'
        value: containerName
      }
      {
        name: 'BACKUP_SPOOL_MAX'
        value: spoolMax
      }
      // Which identity the Azure SDK takes.
      {
        name: 'AZURE_CLIENT_ID'
        value: identityClientId
      }
    ]

var forShare = hasShare
  ? [
      {
        name: 'BACKUP_FOLDER'
        value: '/mnt/backup'
      }
    ]
  : []

resource server 'Microsoft.App/containerApps@2024-03-01' = {
  name: app
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: port
        transport: 'http'
        allowInsecure: false
        customDomains: customDomains
        traffic: [
          {
            latestRevision: true
            weight: 100
          }
        ]
      }
      registries: empty(registryServer)
        ? []
        : [
            {
              server: registryServer
              identity: identityId
            }
          ]
      secrets: concat(
        [
          {
            name: 'scim-shared-secret'
            value: sharedSecret
          }
        ],
        hasJwtSecret
          ? [
              {
                name: 'jwt-secret'
                value: jwtSecret
              }
            ]
          : []
      )
    }
    template: {
      // Requests in flight, then the last segments: see "Stop" in docs/OPERATIONS.md.
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'scimlane'
          image: image
          resources: {
            cpu: json(cpu)
            memory: memory
          }
          env: concat(always, forTokens, forBlob, forShare)
          probes: [
            // It listens last: after a restore. Looked for often, so that a short one is not waited for
            // longer than it takes; 240 looks are 20 minutes; docs/AZURE.md says what is known of that bound.
            {
              type: 'Startup'
              httpGet: {
                path: '/health/live'
                port: port
              }
              initialDelaySeconds: 1
              periodSeconds: 5
              timeoutSeconds: 5
              failureThreshold: 240
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: port
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 6
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health/ready'
                port: port
              }
              periodSeconds: 5
              timeoutSeconds: 3
              failureThreshold: 3
            }
          ]
          volumeMounts: concat(
            [
              {
                volumeName: 'data'
                mountPath: '/data'
              }
            ],
            hasShare
              ? [
                  {
                    volumeName: 'backup'
                    mountPath: '/mnt/backup'
                  }
                ]
              : []
          )
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
      volumes: concat(
        [
          // A local disk that outlives a restart of the container, and with it the spool.
          {
            name: 'data'
            storageType: 'EmptyDir'
          }
        ],
        hasShare
          ? [
              {
                name: 'backup'
                storageType: 'AzureFile'
                storageName: 'backup'
                mountOptions: 'uid=1000,gid=1000,dir_mode=0700,file_mode=0600,nobrl'
              }
            ]
          : []
      )
    }
  }
}

output appId string = server.id
output url string = 'https://${server.properties.configuration.ingress.fqdn}'
