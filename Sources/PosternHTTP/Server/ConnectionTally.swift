/// Counts open connections, all together and by address, and admits new ones.
package struct ConnectionTally: ~Copyable {
    /// What becomes of a new connection.
    package enum Admission: Equatable, Sendable {
        case admitted
        /// Answer with the refusal, then close.
        case refused(Refusal)
        /// Close without an answer: too many refused connections are being answered already.
        case dropped(Refusal)
    }

    private let limit: Int
    private let limitPerAddress: Int?
    private var byAddress: [PeerAddress: Int] = [:]
    /// Connections admitted and not released.
    package private(set) var count = 0
    /// Connections refused that are being answered.
    package private(set) var refusing = 0

    /// Refused connections that may be answered at once; further ones are closed without a word.
    package static let refusingLimit = 64

    /// Makes an empty tally.
    package init(_ limits: ConnectionLimits) {
        self.limit = limits.connections
        self.limitPerAddress = limits.connectionsPerAddress
    }

    /// Admits a connection from a network, or says why not.
    ///
    /// Peers on unix sockets are never counted as one address.
    package mutating func admit(_ network: PeerAddress) -> Admission {
        guard self.count < self.limit else { return self.refuse(.tooManyConnections) }
        if let limitPerAddress = self.limitPerAddress, network.family != .local {
            let fromAddress = self.byAddress[network, default: 0]
            guard fromAddress < limitPerAddress else { return self.refuse(.tooManyConnectionsFromAddress) }
            self.byAddress[network] = fromAddress + 1
        }
        self.count += 1
        return .admitted
    }

    /// Gives back the place of a connection that was admitted.
    package mutating func release(_ network: PeerAddress) {
        self.count -= 1
        guard let fromAddress = self.byAddress[network] else { return }
        self.byAddress[network] = fromAddress > 1 ? fromAddress - 1 : nil
    }

    /// Gives back the place of a connection that was refused with an answer.
    package mutating func releaseRefused() { self.refusing -= 1 }

    private mutating func refuse(_ refusal: Refusal) -> Admission {
        guard self.refusing < Self.refusingLimit else { return .dropped(refusal) }
        self.refusing += 1
        return .refused(refusal)
    }
}
