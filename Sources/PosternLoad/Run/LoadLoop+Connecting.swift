internal import NIOCore
internal import NIOPosix

extension LoadLoop {
    /// How long no connection may stand before the server counts as unreachable.
    private static let patience: Int64 = 5_000_000_000
    /// An answer fits; a longer one comes in several pieces.
    private static let readSize = 4096

    /// Makes the connection of a slot, and tries again until there is one.
    func connect(_ slot: Int) {
        guard self.wantsConnections else { return }
        let target = slot % self.targets.count
        let connection = NIOLoopBound(
            LoadConnection(self, slot: slot, target: target, depth: self.settings.pipelining),
            eventLoop: self.eventLoop
        )
        ClientBootstrap(group: self.eventLoop)
            .connectTimeout(.milliseconds(Int64(self.settings.timeoutMilliseconds)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readSize))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection.value)
                }
            }
            .connect(to: self.targets[target].address)
            .assumeIsolated()
            .whenFailure { _ in
                if self.isMeasuring { self.figures.noteConnectError() }
                self.reconnect(slot, afterDelay: true)
            }
    }

    /// Takes a connection that stands.
    func didConnect(_ connection: LoadConnection) {
        guard self.wantsConnections else { return connection.close() }
        self.connections[connection.slot] = connection
        self.connected += 1
        let now = LoadClock.now()
        self.lastConnected = now
        self.advance(connection, now: now)
    }

    /// Makes up for a connection that has ended.
    ///
    /// One that served goes on at once; one that fell before it did waits, like one that could not be made.
    func didClose(_ connection: LoadConnection) {
        guard self.connections[connection.slot] === connection else { return }
        self.connections[connection.slot] = nil
        self.connected -= 1
        self.lastConnected = LoadClock.now()
        if connection.hasServed { self.delays[connection.slot].reset() }
        self.reconnect(connection.slot, afterDelay: !connection.hasServed)
    }

    /// Ends the run when the server has been away for too long.
    func checkReach(_ now: Int64) {
        guard !self.settings.keepsGoing, self.wantsConnections, self.connected == 0, !self.connections.isEmpty,
            now - self.lastConnected > Self.patience
        else { return }
        let addresses = self.targets.map { "\($0.requests.authority)" }.joined(separator: ", ")
        self.fail(.unreachable("no connection to \(addresses) for 5 s"))
    }

    private func reconnect(_ slot: Int, afterDelay: Bool) {
        guard self.wantsConnections else { return }
        guard afterDelay else { return self.connect(slot) }
        let delay = self.delays[slot].take()
        self.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(delay)) { self.connect(slot) }
    }
}
