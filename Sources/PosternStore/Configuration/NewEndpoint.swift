package import PosternModel

/// An endpoint to be made.
package struct NewEndpoint: Sendable {
    /// Whose it is.
    package var organization: OrganizationID
    package var platform: PlatformName
    /// 1 to 100 characters, unique among the organization's endpoints for the platform.
    package var name: String
    /// Which of the platform's signature schemes.
    package var scheme: String
    /// The last part of the URL.
    package var key: EndpointKey
    /// Values the platform definition asks for, by name.
    package var parameters: [String: String]
    /// How old a signed time may be; `nil` for what the platform definition says.
    package var toleranceSeconds: Int32?
    /// Whether events belong to the organization their account is mapped to.
    package var routesAccounts: Bool
    /// Its first secrets by kind; they are stored sealed.
    package var secrets: [(kind: String, secret: Secret)]

    /// Describes an endpoint; its key is random unless one is given.
    package init(
        organization: OrganizationID,
        platform: PlatformName,
        name: String,
        scheme: String = "default",
        key: EndpointKey = .random(),
        parameters: [String: String] = [:],
        toleranceSeconds: Int32? = nil,
        routesAccounts: Bool = false,
        secrets: [(kind: String, secret: Secret)] = []
    ) {
        self.organization = organization
        self.platform = platform
        self.name = name
        self.scheme = scheme
        self.key = key
        self.parameters = parameters
        self.toleranceSeconds = toleranceSeconds
        self.routesAccounts = routesAccounts
        self.secrets = secrets
    }
}
