package import PosternModel

/// One try to deliver the event of a dead letter.
package struct DeadLetterAttempt: Sendable, Equatable {
    package let startedAt: Timestamp
    /// Counted from 1.
    package let number: Int32
    package let duration: Duration
    /// `delivered`, or the class of the failure.
    package let outcome: String
    /// The status of the answer.
    package let status: Int32?
    /// The beginning of the answer.
    package let answer: String?
    /// What went wrong before there was an answer.
    package let error: String?
}
