/// What people can do to the configuration: the word in the audit log.
enum AuditedAct: String {
    case createOrganization = "organization.create"
    case setLimits = "organization.limits"
    case createEndpoint = "endpoint.create"
    case enableEndpoint = "endpoint.enable"
    case disableEndpoint = "endpoint.disable"
    case setRouting = "endpoint.routing"
    case setParameters = "endpoint.parameters"
    case addSecret = "secret.add"
    case rotateSecret = "secret.rotate"
    case revokeSecret = "secret.revoke"
    case mapAccount = "account.map"
    case unmapAccount = "account.unmap"
}
