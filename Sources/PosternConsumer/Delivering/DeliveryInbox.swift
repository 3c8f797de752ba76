internal import PosternModel
internal import Synchronization

/// What the delivery engine hears from others: attempts that have ended, and lanes with new events.
///
/// Any thread posts; the engine takes everything at once. Many posts are one wake.
final class DeliveryInbox: Sendable {
    /// What was posted since the last look.
    struct Contents: Sendable {
        var ended: [EndedAttempt] = []
        /// Whose events came, by lane.
        var news: [Lane: Set<OrganizationID>] = [:]
    }

    private let contents = Mutex(Contents())
    private let ring: AsyncStream<Void>.Continuation
    /// One element for each time there is something to do; for one reader.
    let wakes: AsyncStream<Void>

    /// Starts empty.
    init() {
        (self.wakes, self.ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells that organizations have new events in a lane that is ours.
    func post(_ organizations: Set<OrganizationID>, in lane: Lane) {
        self.contents.withLock { $0.news[lane, default: []].formUnion(organizations) }
        self.ring.yield()
    }

    /// Tells that an attempt has ended.
    func post(_ attempt: EndedAttempt) {
        self.contents.withLock { $0.ended.append(attempt) }
        self.ring.yield()
    }

    /// Wakes the engine without news.
    func wake() { self.ring.yield() }

    /// Takes what was posted.
    func take() -> Contents {
        self.contents.withLock { contents in
            defer { contents = Contents() }
            return contents
        }
    }

    /// Ends the stream of wakes.
    func close() { self.ring.finish() }
}
