import PosternHTTP
import PosternOutbound
import Synchronization

/// Names and addresses of a test's own.
final class TableLookup: NameLookup {
    private struct State {
        var table: [String: [String]]
        var asked: [String] = []
    }

    private let state: Mutex<State>

    /// Starts with a table.
    init(_ table: [String: [String]]) { self.state = Mutex(State(table: table)) }

    /// The names that were asked for, in order.
    var asked: [String] { self.state.withLock { $0.asked } }

    /// Changes the addresses of a name.
    func set(_ name: String, to addresses: [String]) { self.state.withLock { $0.table[name] = addresses } }

    func addresses(of name: String) throws(LookupFailure) -> [PeerAddress] {
        let found = self.state.withLock { state -> [String]? in
            state.asked.append(name)
            return state.table[name]
        }
        guard let found, !found.isEmpty else { throw .failed("not in the table") }
        return found.compactMap { PeerAddress(text: $0) }
    }
}
