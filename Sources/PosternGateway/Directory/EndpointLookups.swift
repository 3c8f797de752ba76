internal import Synchronization

/// Questions of the event loops about keys that are not in the directory, bounded in number.
///
/// Any thread may ask; the directory's service answers.
package final class EndpointLookups: Sendable {
    /// What the database says.
    package enum Answer: Sendable {
        case found(EndpointEntry)
        case missing
        case databaseUnavailable
    }

    /// One question.
    package struct Question: Sendable {
        /// `platform/key`.
        package let key: String
        /// Takes the answer, once.
        package let reply: @Sendable (Answer) -> Void
    }

    /// The questions, in order.
    package let questions: AsyncStream<Question>
    private let continuation: AsyncStream<Question>.Continuation

    /// Keeps at most `limit` questions waiting.
    package init(limit: Int = 256) {
        (self.questions, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
    }

    /// Asks; `false` when too many questions wait already.
    ///
    /// Any thread.
    package func ask(_ key: String, _ reply: @escaping @Sendable (Answer) -> Void) -> Bool {
        switch self.continuation.yield(Question(key: key, reply: reply)) {
        case .enqueued: true
        case .dropped, .terminated: false
        @unknown default: false
        }
    }

    /// Ends the stream of questions.
    package func finish() { self.continuation.finish() }
}
