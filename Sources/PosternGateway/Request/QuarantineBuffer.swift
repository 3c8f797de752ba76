package import PosternStore
internal import Synchronization

/// Refused requests whose exact bytes wait to be sealed and stored, for endpoints that switched quarantine on.
///
/// Any thread. Bounded: what does not fit is counted and lost, as it would be without quarantine.
package final class QuarantineBuffer: Sendable {
    private struct State {
        var requests: [QuarantinedRequest] = []
        var bytes = 0
        var dropped = 0
    }

    private let state = Mutex(State())
    private let byteLimit: Int

    /// Makes an empty buffer.
    package init(byteLimit: Int = 16 << 20) { self.byteLimit = byteLimit }

    /// Keeps a request until the next flush; `false` when there is no room.
    @discardableResult
    package func keep(_ request: QuarantinedRequest) -> Bool {
        let bytes = request.content.encodedByteCount
        return self.state.withLock { state in
            guard state.bytes + bytes <= self.byteLimit else {
                state.dropped += 1
                return false
            }
            state.bytes += bytes
            state.requests.append(request)
            return true
        }
    }

    /// Hands over what was kept, in order, and how many were not.
    package func drain() -> (requests: [QuarantinedRequest], dropped: Int) {
        self.state.withLock { state in
            let drained = (state.requests, state.dropped)
            state = State()
            return drained
        }
    }
}
