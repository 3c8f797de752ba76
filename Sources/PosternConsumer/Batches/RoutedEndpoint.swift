package import PosternModel
package import PosternStore

/// What the consumer knows of an endpoint.
package struct RoutedEndpoint: Sendable, Equatable {
    /// The settings the platform's definition may ask for.
    package let parameters: [String: String]
    /// Whether events go to the organization their account is mapped to.
    package let routesAccounts: Bool
    /// CloudEvents `source` of its events.
    package let source: String

    /// Joins the fields.
    package init(platform: String, endpoint: EndpointID, parameters: [String: String], routesAccounts: Bool) {
        self.parameters = parameters
        self.routesAccounts = routesAccounts
        self.source = "/platforms/\(platform)/endpoints/\(endpoint)"
    }

    /// Takes what the database says.
    package init(_ record: EndpointRecord) {
        self.init(
            platform: record.platform.text,
            endpoint: record.id,
            parameters: record.parameters,
            routesAccounts: record.routesAccounts
        )
    }

    /// An endpoint the database does not know (any more): no settings, no routing.
    package init(unknown content: DeliveryContent) {
        self.init(platform: content.platform, endpoint: content.endpoint, parameters: [:], routesAccounts: false)
    }
}
