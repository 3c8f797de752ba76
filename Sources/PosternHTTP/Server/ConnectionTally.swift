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
    /// ``PeerAddress/local`` stands for peers that are never counted as one address: those on unix sockets, and
    /// trusted proxies.
    package mutating func admit(_ network: PeerAddress) -> Admission {
        guard self.count < self.limit else { return self.refuse(.tooManyConnections) }
        if let refusal = self.name(network) { return self.refuse(refusal) }
        self.count += 1
        return .admitted
    }

    /// Counts a connection that was admitted as ``PeerAddress/local`` for its network, or says why not.
    ///
    /// A connection that is not counted keeps its place until it is released as ``PeerAddress/local``.
    package mutating func name(_ network: PeerAddress) -> Refusal? {
        guard let limitPerAddress = self.limitPerAddress, network.family != .local else { return nil }
        let fromAddress = self.byAddress[network, default: 0]
        guard fromAddress < limitPerAddress else { return .tooManyConnectionsFromAddress }
        self.byAddress[network] = fromAddress + 1
        return nil
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
