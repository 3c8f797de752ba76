import PosternModel

/// An endpoint that tests post to.
struct TestEndpoint: Sendable {
    let organization: OrganizationID
    let id: EndpointID
    let lane: Lane
    let platform: String
}
