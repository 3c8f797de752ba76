internal import Synchronization

/// The tally of connections that all event loops of a server share.
///
/// Touched only when a connection opens, is named by a proxy, or closes.
package final class ConnectionLedger: Sendable {
    private let tally: Mutex<ConnectionTally>

    /// Makes an empty ledger.
    package init(_ limits: ConnectionLimits) {
        self.tally = Mutex(ConnectionTally(limits))
    }

    /// Connections admitted and not released.
    package var count: Int { self.tally.withLock { $0.count } }

    /// Admits a connection from a network, or says why not.
    package func admit(_ network: PeerAddress) -> ConnectionTally.Admission {
        self.tally.withLock { $0.admit(network) }
    }

    /// Counts a connection of a trusted proxy for the network it names, or says why not.
    package func name(_ network: PeerAddress) -> Refusal? {
        self.tally.withLock { $0.name(network) }
    }

    /// Gives back the place of a connection that was admitted.
    package func release(_ network: PeerAddress) {
        self.tally.withLock { $0.release(network) }
    }

    /// Gives back the place of a connection that was refused with an answer.
    package func releaseRefused() {
        self.tally.withLock { $0.releaseRefused() }
    }
}
