package import PosternModel

/// Something of a destination that could not be used; the other destinations are not affected.
package struct DestinationFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package enum Reason: Sendable, Equatable {
        /// The secret does not open with the keys at hand; the text says why, and holds no secret.
        case secretNotOpened(SecretID, kind: DestinationSecret.Kind, String)
        /// A subscription's filters are none this program can work with.
        case malformedFilters(SubscriptionID, SubscriptionFilterError)
        /// A value in the row is none that this program can work with.
        case malformed(column: String)
    }

    package let destination: DestinationID
    /// The destination's name within its organization.
    package let name: String
    package let organization: OrganizationID
    package let reason: Reason

    /// Joins the values.
    package init(destination: DestinationID, name: String, organization: OrganizationID, reason: Reason) {
        self.destination = destination
        self.name = name
        self.organization = organization
        self.reason = reason
    }

    /// One line for the log.
    package var description: String {
        let subject = "destination \(self.name) (\(self.destination))"
        switch self.reason {
        case .secretNotOpened(let secret, let kind, let why):
            return "\(subject): its \(kind.rawValue) secret \(secret) cannot be opened: \(why)"
        case .malformedFilters(let subscription, let error):
            return "\(subject): the filters of its subscription \(subscription) cannot be read: \(error)"
        case .malformed(let column):
            return "\(subject): the column \(column) holds what this program cannot read"
        }
    }
}
