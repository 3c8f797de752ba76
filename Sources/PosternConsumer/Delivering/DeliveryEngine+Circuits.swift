internal import Logging
internal import PosternLimits
internal import PosternModel
internal import PosternOutbound
internal import PosternPostgres
internal import PosternStore
internal import PosternTelemetry

extension DeliveryEngine {
    /// How much longer than its deadline a probe may take before another consumer may probe.
    private static let probeSlack: Duration = .seconds(10)

    /// Tells the other consumers what became of circuits and destinations.
    ///
    /// What the engine believes changes at once; the database decides, and its notification corrects it.
    mutating func carryOutCircuitActs() async throws(WorkFailure) {
        for act in self.circuitActs {
            do throws(WorkFailure) {
                try await self.carryOut(act)
                self.circuitActs.removeFirst()
            } catch .database(let error) where !error.meansAway {
                // A row that somebody has locked: later, and the others first.
                self.circuitActs.append(self.circuitActs.removeFirst())
                self.context.logger.warning("circuit not changed", metadata: ["error": "\(error)"])
            }
        }
    }

    private mutating func carryOut(_ act: CircuitAct) async throws(WorkFailure) {
        switch act {
        case .open(let id, let reason): try await self.open(id, reason: reason, isProbe: false)
        case .reopen(let id, let reason): try await self.open(id, reason: reason, isProbe: true)
        case .close(let id):
            let isDone = try await self.run { connection, limit throws(PostgresError) in
                try DestinationStates.closeCircuit(of: id, &connection, within: limit)
            }
            guard let active = self.destinations[id] else { return }
            self.destinations[id]?.circuit = .closed
            self.destinations[id]?.startAnew(at: .now)
            self.turns.add(active.record.organization)
            self.wakeFollowers(of: id)
            if isDone { self.context.logger.notice("circuit closed", metadata: Self.metadata(active.record)) }
        case .disable(let id, let reason):
            let time = try await self.run { connection, limit throws(PostgresError) in
                try DestinationStates.disable(id, reason: reason, &connection, within: limit)
            }
            self.destinations[id]?.goneSince = time
            guard time != nil, let active = self.destinations[id] else { return }
            self.context.logger.warning(
                "destination disabled",
                metadata: Self.metadata(active.record).merging(["reason": "\(reason)"]) { $1 }
            )
        }
    }

    private mutating func open(_ id: DestinationID, reason: String, isProbe: Bool) async throws(WorkFailure) {
        // Several attempts that ended together may each have found that it should open.
        guard let active = self.destinations[id], isProbe || active.circuit.state == .closed else { return }
        let openings = active.circuit.openings + 1
        let now = Timestamp.now()
        let until = now.advanced(by: CircuitBreaker.coolDown(openings: Int(openings)))
        let isDone = try await self.run { connection, limit throws(PostgresError) in
            if isProbe {
                try DestinationStates.reopenCircuit(of: id, reason: reason, until: until, &connection, within: limit)
            } else {
                try DestinationStates.openCircuit(of: id, reason: reason, until: until, &connection, within: limit)
            }
        }
        self.destinations[id]?.circuit =
            CircuitRecord(state: .open, reason: reason, changedAt: now, until: until, openings: openings)
        self.destinations[id]?.startAnew(at: .now)
        guard isDone else { return }
        self.context.metrics?.delivery.circuitsOpened.increment()
        self.context.logger.notice(
            "circuit opened",
            metadata: Self.metadata(active.record)
                .merging(["reason": "\(reason)", "openings": "\(openings)", "until": "\(until)"]) { $1 }
        )
    }

    /// Takes the probe of an open circuit, unless another consumer has it.
    mutating func startProbe(of id: DestinationID) async throws(WorkFailure) -> Bool {
        guard let active = self.destinations[id] else { return false }
        let now = Timestamp.now()
        let until = now.advanced(by: active.record.timeout + Self.probeSlack)
        let isOurs = try await self.run { connection, limit throws(PostgresError) in
            try DestinationStates.startProbe(of: id, at: now, until: until, &connection, within: limit)
        }
        let circuit = active.circuit
        self.destinations[id]?.circuit = CircuitRecord(
            state: .halfOpen,
            reason: circuit.reason,
            changedAt: now,
            until: until,
            openings: circuit.openings
        )
        return isOurs
    }

    /// Lets everybody who follows for a destination look at the log again.
    private mutating func wakeFollowers(of id: DestinationID) {
        for (lane, delivery) in self.lanes where delivery.followers[id] != nil {
            self.hungry.insert(FollowerKey(lane: lane, destination: id))
        }
    }

    private static func metadata(_ record: DestinationRecord) -> Logger.Metadata {
        ["destination": "\(record.id)", "organization": "\(record.organization)"]
    }
}
