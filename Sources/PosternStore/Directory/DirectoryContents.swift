/// All endpoints as read at one time, and for those who verify requests the limits.
package struct DirectoryContents: Sendable {
    /// Every readable endpoint, in the order of creation.
    package var endpoints: [EndpointRecord] = []
    /// The limit of every organization, in the order of creation; of the endpoint's alone when one was asked for.
    ///
    /// Empty for readers that open no secrets.
    package var organizations: [OrganizationLimit] = []
    /// The limits that belong to no organization; empty when one endpoint was asked for.
    ///
    /// Empty for readers that open no secrets.
    package var limits: [LimitScope: ConfiguredLimit] = [:]
    /// What could not be read or opened; an endpoint whose secret did not open is in ``endpoints`` without it.
    package var faults: [DirectoryFault] = []

    /// Holds nothing yet.
    package init() {}
}
