internal import AsyncHTTPClient
internal import Logging
internal import NIOCore
internal import PosternHTTP
internal import PosternModel
internal import Synchronization

/// One HTTP client for each destination, which connects to one address only: the one that was checked.
///
/// Not one client for all, because the addresses that a client uses in place of names are fixed when it is made, and
/// because a destination that hangs then holds nobody's connections but its own.
final class PinnedClients: Sendable {
    /// The right to use a client until it is given back.
    struct Lease: Sendable {
        fileprivate let destination: DestinationID
        /// The client.
        let client: HTTPClient
        /// The only address it connects to.
        let address: PeerAddress
    }

    private struct Entry {
        let lease: Lease
        let host: String
        let isSecure: Bool
        var users: Int
        var lastUsed: ContinuousClock.Instant
    }

    private struct State {
        var entries: [DestinationID: Entry] = [:]
        /// Clients that were replaced and that somebody still uses.
        var retired: [ObjectIdentifier: Entry] = [:]
        var nextSweep = ContinuousClock.now
        var closing = 0
        var isShutDown = false
        var whenClosed: [CheckedContinuation<Void, Never>] = []
    }

    private let configuration: OutboundConfiguration
    private let loops: any EventLoopGroup
    private let logger: Logger
    private let roots: TrustedRoots
    private let state = Mutex(State())

    /// Makes clients, each on one of `loops`.
    init(_ configuration: OutboundConfiguration, loops: any EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.loops = loops
        self.logger = logger
        self.roots = TrustedRoots(additional: configuration.additionalCertificates, logger: logger)
    }

    /// Lends the destination's client for the URL's host: the one there is if it goes to one of `addresses`, or a new
    /// one that goes to the first of them; `nil` after the shutdown, or without addresses.
    func take(_ destination: DestinationID, for url: OutboundURL, among addresses: [PeerAddress]) -> Lease? {
        let now = ContinuousClock.now
        let (lease, unused) = self.state.withLock { state -> (Lease?, [HTTPClient]) in
            guard !state.isShutDown, let first = addresses.first else { return (nil, []) }
            if let entry = state.entries[destination], entry.host == url.host, entry.isSecure == url.isSecure,
                addresses.contains(entry.lease.address)
            {
                state.entries[destination]?.users += 1
                return (entry.lease, [])
            }
            var unused = self.sweep(&state, now)
            if let replaced = state.entries.removeValue(forKey: destination) {
                if replaced.users == 0 {
                    unused.append(replaced.lease.client)
                } else {
                    state.retired[ObjectIdentifier(replaced.lease.client)] = replaced
                }
            }
            let lease = Lease(
                destination: destination,
                client: self.make(url, first),
                address: first
            )
            state.entries[destination] = Entry(
                lease: lease,
                host: url.host,
                isSecure: url.isSecure,
                users: 1,
                lastUsed: now
            )
            state.closing += unused.count
            return (lease, unused)
        }
        for client in unused { self.close(client) }
        return lease
    }

    /// Takes a client back; closes it when it was replaced meanwhile and nobody uses it any more.
    func giveBack(_ lease: Lease) {
        let now = ContinuousClock.now
        let isUnused = self.state.withLock { state in
            if state.entries[lease.destination]?.lease.client === lease.client {
                state.entries[lease.destination]?.users -= 1
                state.entries[lease.destination]?.lastUsed = now
                return false
            }
            let identity = ObjectIdentifier(lease.client)
            // After the shutdown, which closes all of them, there is none left to close.
            guard let entry = state.retired[identity] else { return false }
            guard entry.users == 1 else {
                state.retired[identity]?.users -= 1
                return false
            }
            state.retired[identity] = nil
            state.closing += 1
            return true
        }
        if isUnused { self.close(lease.client) }
    }

    /// How many clients there are, those in use among them.
    var count: Int { self.state.withLock { $0.entries.count + $0.retired.count } }

    /// Closes all connections, failing what is under way, and waits for their ends.
    func shutdown() async {
        let clients = self.state.withLock { state in
            state.isShutDown = true
            let clients = (Array(state.entries.values) + state.retired.values).map(\.lease.client)
            state.entries = [:]
            state.retired = [:]
            state.closing += clients.count
            return clients
        }
        for client in clients { self.close(client) }
        await withCheckedContinuation { continuation in
            let isDone = self.state.withLock { state in
                if state.closing > 0 { state.whenClosed.append(continuation) }
                return state.closing == 0
            }
            if isDone { continuation.resume() }
        }
    }

    /// Takes out what nobody has used for long, and the longest unused ones of too many.
    private func sweep(_ state: inout State, _ now: ContinuousClock.Instant) -> [HTTPClient] {
        let isFull = state.entries.count >= self.configuration.idleDestinations
        guard isFull || now >= state.nextSweep else { return [] }
        state.nextSweep = now.advanced(by: self.configuration.idleTimeout / 4)
        let idle = state.entries.values.filter { $0.users == 0 }.sorted { $0.lastUsed < $1.lastUsed }
        // An eighth at once, so that not every new client has to look through all of them.
        let surplus = isFull ? state.entries.count - self.configuration.idleDestinations * 7 / 8 : 0
        let oldest = now.advanced(by: .zero - self.configuration.idleTimeout)
        let unused = idle.enumerated().filter { $0.offset < surplus || $0.element.lastUsed < oldest }
        for (_, entry) in unused { state.entries[entry.lease.destination] = nil }
        return unused.map(\.element.lease.client)
    }

    private func make(_ url: OutboundURL, _ address: PeerAddress) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        // The host's name stays in the Host field, in SNI, and in the check of the certificate.
        configuration.dnsOverride = [url.host: address.description]
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = TimeAmount(self.configuration.connectTimeout)
        configuration.connectionPool.idleTimeout = TimeAmount(self.configuration.connectionIdleTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            self.configuration.connectionsPerDestination
        // Attempts are repeated by the retry queue, which knows for how long.
        configuration.connectionPool.retryConnectionEstablishment = false
        if url.isSecure { configuration.tlsConfiguration = self.roots.configuration }
        // One loop for each client: where a request and its connection are on two loops, a fast answer overtakes the
        // end of the request, and the next request opens a connection of its own.
        return HTTPClient(eventLoopGroup: self.loops.next(), configuration: configuration)
    }

    private func close(_ client: HTTPClient) {
        client.shutdown { error in
            if let error {
                self.logger.error("connections were not closed cleanly", metadata: ["error": "\(error)"])
            }
            let waiting = self.state.withLock { state in
                state.closing -= 1
                guard state.closing == 0 else { return [CheckedContinuation<Void, Never>]() }
                defer { state.whenClosed = [] }
                return state.whenClosed
            }
            for continuation in waiting { continuation.resume() }
        }
    }
}
