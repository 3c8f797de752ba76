internal import PosternModel
internal import PosternPostgres

/// Which events of a batch are new, and what number each gets.
struct Admission {
    /// One new event.
    struct Numbered {
        /// Its position in the batch.
        let event: Int
        /// Its number in the lane.
        let number: Int64
    }

    /// A key as the ledger's primary key has it.
    struct Entry: Hashable {
        let lane: Lane
        let organization: OrganizationID
        let key: UniqueID
    }

    /// The new events in the order of the batch.
    let admitted: [Numbered]
    /// How many there are in each lane of the batch.
    let eventsPerLane: [Int64]
    /// All counts there are to write: the batch's, its events', and what earlier batches left.
    let tally: ConsumerTally
    /// What to say when all is committed.
    let receipt: BatchReceipt

    /// Writes the keys of the batch to the ledger and learns which were not there.
    init(
        _ batch: WriteBatch,
        _ connection: inout Connection,
        _ parameters: inout ParameterBuffer,
        within: Duration
    ) throws(PostgresError) {
        // A key that comes twice in one batch is new the first time only; the ledger gets it once.
        var first: Set<Entry> = []
        first.reserveCapacity(batch.events.count)
        var candidates: [Int] = []
        candidates.reserveCapacity(batch.events.count)
        for (index, event) in batch.events.enumerated() where first.insert(Entry(event)).inserted {
            candidates.append(index)
        }
        let new = try Self.admit(candidates, of: batch, &connection, &parameters, within: within)
        self.init(batch, candidates: candidates, new: new)
    }

    /// Numbers the new events.
    ///
    /// - Parameters:
    ///   - batch: whose events they are.
    ///   - candidates: the positions of the events whose key is the first of its kind in the batch.
    ///   - new: the keys the ledger did not know.
    init(_ batch: WriteBatch, candidates: [Int], new: Set<Entry>) {
        var positions: [Lane: Int] = [:]
        for (index, work) in batch.lanes.enumerated() { positions[work.lease.lane] = index }
        var perLane = [Int64](repeating: 0, count: batch.lanes.count)
        var admitted: [Numbered] = []
        admitted.reserveCapacity(new.count)
        var counted = batch.tally
        var next = candidates.makeIterator()
        var candidate = next.next()
        for (index, event) in batch.events.enumerated() {
            var isNew = false
            if candidate == index {
                isNew = new.contains(Entry(event))
                candidate = next.next()
            }
            counted.add(
                to: ConsumerTally.Subject(
                    lane: event.lane,
                    organization: event.organization,
                    endpoint: event.endpoint,
                    platform: event.platform,
                    outcome: isNew ? .event : .duplicate
                )
            )
            guard isNew else { continue }
            guard let position = positions[event.lane] else {
                preconditionFailure("an event of lane \(event.lane), which the batch does not name")
            }
            perLane[position] += 1
            admitted.append(
                Numbered(event: index, number: batch.lanes[position].eventNumber + perLane[position])
            )
        }
        self.admitted = admitted
        self.eventsPerLane = perLane
        var all = batch.carried
        all.add(counted)
        self.tally = all
        self.receipt = BatchReceipt(
            stored: admitted.count,
            duplicates: batch.events.count - admitted.count,
            eventNumbers: Dictionary(
                zip(batch.lanes, perLane).map { ($0.lease.lane, $0.eventNumber + $1) },
                uniquingKeysWith: { first, _ in first }
            ),
            counted: counted,
            unwritten: batch.writesTally ? ConsumerTally() : all
        )
    }

    private static func admit(
        _ candidates: [Int],
        of batch: WriteBatch,
        _ connection: inout Connection,
        _ parameters: inout ParameterBuffer,
        within: Duration
    ) throws(PostgresError) -> Set<Entry> {
        guard !candidates.isEmpty else { return [] }
        var buffer = ParameterBuffer()
        swap(&buffer, &parameters)
        defer { swap(&buffer, &parameters) }
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            try BatchStatements.ledger.send(rows: candidates.count, to: &pipeline, using: &buffer) { row, buffer in
                let event = batch.events[candidates[row]]
                buffer.append(event.lane.number)
                buffer.append(event.ledgerOrganization)
                buffer.append(event.ledgerKey.id)
                buffer.append(event.delivery)
                buffer.append(batch.time)
            }
        }
        var new: Set<Entry> = []
        new.reserveCapacity(candidates.count)
        for rows in results {
            for row in 0..<rows.count {
                new.insert(
                    Entry(
                        lane: Lane(try rows.int32(row, 0)),
                        organization: try rows.id(row, 1),
                        key: try rows.uuid(row, 2)
                    )
                )
            }
        }
        return new
    }
}

extension Admission.Entry {
    /// The entry an event asks for.
    init(_ event: NewEvent) {
        self.init(lane: event.lane, organization: event.ledgerOrganization, key: event.ledgerKey.id)
    }
}
