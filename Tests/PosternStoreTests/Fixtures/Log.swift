import PosternModel
import PosternPostgres
import PosternStore

/// A log for tests of consuming: writers, cursors and deliveries by plain SQL, as superuser.
struct Log: ~Copyable {
    var root: Connection
    /// With the settings a consumer's connection has.
    var consumer: Connection
    let organization = OrganizationID.fresh(at: .now())
    let endpoint = EndpointID.fresh(at: .now())
    let me = ConsumerID.fresh(at: .now())

    init(_ database: StoreDatabase) throws {
        let root = try database.connect()
        let consumer = try database.connect(.consumer, settings: ConsumerSession.settings(lease: .seconds(10)))
        self.root = root
        self.consumer = consumer
    }

    /// Makes a writer with a cursor in every lane.
    mutating func writer() throws -> Int64 {
        let id = try self.root.ask("INSERT INTO postern.writers (gateway) VALUES ('g') RETURNING id").int64(0, 0)
        try self.root.run(
            "INSERT INTO postern.cursors (lane, writer, stored_at) SELECT lane, \(id), now() FROM postern.lanes"
        )
        return id
    }

    /// Stores deliveries with the body `b<sequence>`.
    mutating func store(
        _ sequences: ClosedRange<Int64>,
        lane: Int32,
        writer: Int64,
        at time: String = "now()",
        body: String = "b"
    ) throws {
        try self.root.run(
            """
            INSERT INTO postern.deliveries
            SELECT \(lane), \(writer), i, \(time), gen_random_uuid(), '\(self.organization)', '\(self.endpoint)', NULL,
                'github', ':target: /x', convert_to('\(body)' || i, 'UTF8')
            FROM generate_series(\(sequences.lowerBound), \(sequences.upperBound)) i
            """
        )
    }

    /// Claims lanes for ``me``.
    mutating func claim(_ lanes: Int32...) throws -> [LeasedLane] { try self.claim(lanes, for: self.me) }

    /// Gives a consumer a lease of ten seconds and claims lanes for it; those that were free are returned.
    mutating func claim(_ lanes: [Int32], for consumer: ConsumerID) throws -> [LeasedLane] {
        let within = StoreDatabase.deadline
        _ = try ConsumerRegistry.renew(consumer, host: "h", lease: .seconds(10), &self.consumer, within: within)
        return try lanes.compactMap { lane in
            try LaneLeases.claim(Lane(lane), for: consumer, &self.consumer, within: within)
        }
    }

    /// Lets a consumer's lease be over.
    mutating func endLease(of consumer: ConsumerID) throws {
        try self.root.run(
            "UPDATE postern.consumers SET leased_until = now() - interval '1 ms' WHERE id = '\(consumer)'"
        )
    }

    /// Reads on in the log.
    mutating func read(
        _ lanes: [Int32],
        perCursor: Int = 100,
        rows: Int = 1000,
        before: Duration = .seconds(3600)
    ) throws -> DeliveryPage {
        try LogReader.read(
            lanes.map { Lane($0) },
            owner: self.me,
            storedBefore: Timestamp.now().advanced(by: before),
            limits: LogReader.Limits(rowsPerCursor: perCursor, rowsInAll: rows),
            &self.consumer,
            within: StoreDatabase.deadline
        )
    }

    /// Runs `sql` as superuser and gives its number.
    mutating func number(_ sql: String) throws -> Int64 { try self.root.number(sql) }
}

extension DeliveryPage {
    /// `lane.writer.sequence` of each delivery.
    var places: [String] { self.deliveries.map { "\($0.head.lane).\($0.head.writer).\($0.head.sequence)" } }
}
