// A network with a subnet for the environment and one for private endpoints.
param app string
param location string
param tags object

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${app}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.42.0.0/16'
      ]
    }
    // Here and not as resources of their own: a second deployment would take those away for a moment.
    subnets: [
      {
        name: 'environment'
        properties: {
          addressPrefix: '10.42.0.0/23'
          delegations: [
            {
              name: 'environment'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.42.2.0/27'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

output networkId string = network.id
output environmentSubnetId string = '${network.id}/subnets/environment'
output endpointSubnetId string = '${network.id}/subnets/endpoints'
