import Dispatch
import NIOCore
import PosternHTTP
import PosternOutbound

/// A resolver that answers `127.0.0.1` when the test lets it, like a name server that takes its time.
final class GatedLookup: NameLookup {
    private let gate = DispatchSemaphore(value: 0)
    private let starts: AsyncStream<String>.Continuation

    /// The names that lookups have begun for.
    let started: AsyncStream<String>

    /// Starts closed.
    init() { (self.started, self.starts) = AsyncStream.makeStream() }

    /// Lets one lookup end, now or later.
    func open() { self.gate.signal() }

    func addresses(of name: String) throws(LookupFailure) -> [PeerAddress] {
        self.starts.yield(name)
        self.gate.wait()
        guard let address = PeerAddress(text: "127.0.0.1") else { throw .failed("no such address") }
        return [address]
    }
}
