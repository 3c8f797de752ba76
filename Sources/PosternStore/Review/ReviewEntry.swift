package import PosternModel

/// One line of the audit log about a dead letter.
package struct ReviewEntry: Sendable, Equatable {
    package let at: Timestamp
    package let who: String
    /// Where from: `cli gateway-1`, `job 0198…`.
    package let origin: String
    /// `deadletter.replay`, `deadletter.discard` and so on.
    package let act: String
    /// JSON: what was.
    package let before: String?
    /// JSON: what is.
    package let after: String?
}
