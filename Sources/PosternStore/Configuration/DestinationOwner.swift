internal import PosternModel

/// A destination and whose it is, as rows of other tables name it.
struct DestinationOwner: Sendable {
    let destination: DestinationID
    let organization: OrganizationID
}
