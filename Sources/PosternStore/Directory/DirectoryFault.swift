package import PosternModel

/// A row of the configuration that could not be used; the others are not affected.
package struct DirectoryFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package enum Reason: Sendable, Equatable {
        /// The secret does not open with the keys at hand; the text says why, and holds no secret.
        case secretNotOpened(SecretID, kind: String, String)
        /// A value in the row is none that this program can work with.
        case malformed(column: String)
    }

    package let endpoint: EndpointID
    /// The endpoint's name within its organization.
    package let name: String
    package let organization: OrganizationID
    package let reason: Reason

    /// One line for the log.
    package var description: String {
        switch self.reason {
        case .secretNotOpened(let secret, let kind, let why):
            "endpoint \(self.name) (\(self.endpoint)): its \(kind) secret \(secret) cannot be opened: \(why)"
        case .malformed(let column):
            "endpoint \(self.name) (\(self.endpoint)): the column \(column) holds what this program cannot read"
        }
    }
}
