package import PosternModel

/// A notification that is still to be delivered.
package struct StoredNotification: Sendable, Equatable {
    package let organization: OrganizationID
    /// The organization's name; its id once more, should the organization be gone.
    package let organizationName: String
    /// A word of ``NotificationKind``, or of a newer program.
    package let kind: String
    package let subject: String
    package let hour: Timestamp
    package let count: Int64
    package let message: String
    package let createdAt: Timestamp
    /// How often its delivery has been tried.
    package let attempts: Int32
}
