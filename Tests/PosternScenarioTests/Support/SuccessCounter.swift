import PosternTesting
import Synchronization

/// Counts the events that a destination took, and how often.
final class SuccessCounter: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Notes a reply.
    func note(_ request: FakeDestination.Request, _ reply: FakeDestination.Reply) {
        let isTaken =
            switch reply {
            case .status(let status, _, _), .late(let status, _), .held(let status, _):
                (200..<300).contains(status)
            case .hang, .reset: false
            }
        if isTaken { self.counts.withLock { $0[request.id, default: 0] += 1 } }
    }

    /// How many events it took.
    var events: Int { self.counts.withLock { $0.count } }

    /// Which.
    var ids: Set<String> { self.counts.withLock { Set($0.keys) } }

    /// How many times it took an event that it had taken before.
    var repeated: Int { self.counts.withLock { $0.values.reduce(0) { $0 + $1 - 1 } } }
}
