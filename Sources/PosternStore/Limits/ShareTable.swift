package import PosternModel
package import PosternPostgres

/// What gateways tell each other about limits: `gateways` and `limit_counts`.
///
/// Counts are sums since a gateway started, so a statement that is repeated counts once. Each gateway writes its own
/// rows alone; every age is measured by the server's clock. Reading scans the whole table: it holds a row for each
/// subject and gateway of the last minutes.
///
/// Blocking: connection threads only.
package enum ShareTable {
    /// The gateway that asks.
    package struct Gateway: Sendable {
        package let id: UniqueID
        /// Host and process number, for people.
        package let identity: String
        /// How it can share limits: `postgres` or `redis`.
        package let shares: String

        /// Joins the values.
        package init(id: UniqueID, identity: String, shares: String) {
            self.id = id
            self.identity = identity
            self.shares = shares
        }
    }

    /// What this gateway counted for one subject.
    package struct Count: Sendable, Equatable {
        package let subject: UniqueID
        package let organization: OrganizationID
        /// Since the gateway started.
        package let admitted: Int64
        /// How long until the bucket is full again.
        package let debtMicroseconds: Int64

        /// Joins the values.
        package init(subject: UniqueID, organization: OrganizationID, admitted: Int64, debtMicroseconds: Int64) {
            self.subject = subject
            self.organization = organization
            self.admitted = admitted
            self.debtMicroseconds = debtMicroseconds
        }
    }

    /// What another gateway counted for one subject.
    package struct OtherCount: Sendable, Equatable {
        package let subject: UniqueID
        package let gateway: UniqueID
        package let admitted: Int64
        /// What is left of it now.
        package let debtMicroseconds: Int64
        /// How long ago it was written.
        package let ageMicroseconds: Int64
    }

    /// The gateways that are alive, the one that asks included.
    package struct Presence: Sendable, Equatable {
        /// The server's clock, since 1970.
        package let serverMicroseconds: Int64
        /// In ascending order.
        package let gateways: [UniqueID]
        /// How each of them can share limits, in the same order.
        package let shares: [String]
    }

    /// The most rows of other gateways that one exchange takes.
    package static let countLimit = 100_000
    /// How long a gateway counts as alive after it was last heard of; one that is alone writes every two seconds.
    package static let presence = Duration.seconds(6)

    private static let upsert = BatchStatement(
        "limit_counts_put",
        insertInto: "postern.limit_counts (subject, gateway, org_id, admitted, debt_microseconds)",
        [.uuid, .uuid, .uuid, .int64, .int64],
        suffix: """
            ON CONFLICT (subject, gateway) DO UPDATE SET admitted = excluded.admitted,
            debt_microseconds = excluded.debt_microseconds, seen_at = now()
            """
    )

    private static let beat = Statement(
        "gateways_beat",
        """
        INSERT INTO postern.gateways (id, identity, shares) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET seen_at = now(), shares = excluded.shares
        """,
        [.uuid, .text, .text]
    )

    /// Rows that were just written, and of subjects that are new to this gateway also older ones that still matter.
    private static let others = Statement(
        "limit_counts_others",
        """
        SELECT subject, gateway, admitted, greatest(0, debt_microseconds - age), age FROM (
            SELECT subject, gateway, admitted, debt_microseconds,
                greatest(0, (date_part('epoch', now() - seen_at) * 1000000)::bigint) AS age
            FROM postern.limit_counts WHERE gateway <> $1
        ) AS counts
        WHERE age <= $2 OR (debt_microseconds > age AND subject IN (SELECT unnest($3)))
        LIMIT $4
        """,
        [.uuid, .int64, .uuidArray, .int64]
    )

    private static let present = Statement(
        "gateways_present",
        """
        SELECT (date_part('epoch', now()) * 1000000)::bigint,
            coalesce(array_agg(id ORDER BY id), '{}'), coalesce(array_agg(shares ORDER BY id), '{}')
        FROM postern.gateways WHERE seen_at > now() - make_interval(secs => $1)
        """,
        [.float64]
    )

    private static let forget = Statement("gateways_forget", "DELETE FROM postern.gateways WHERE id = $1", [.uuid])

    /// Writes what this gateway counted, and reads what others did, in one transaction.
    ///
    /// - Parameters:
    ///   - gateway: who asks.
    ///   - counts: what changed or was asked for, each subject once; negative numbers count as none.
    ///   - news: subjects this gateway has not exchanged yet.
    ///   - lately: how old a row of another gateway may be.
    ///   - beats: whether to say that this gateway is alive.
    ///   - connection: as the role of gateways.
    ///   - within: the deadline.
    /// - Returns: what others counted, and who is alive.
    /// - Throws: any ``PostgresError``.
    package static func exchange(
        _ gateway: Gateway,
        _ counts: [Count],
        news: [UniqueID],
        lately: Duration,
        beats: Bool,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> (counts: [OtherCount], presence: Presence) {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var buffer = ParameterBuffer()
            try Self.put(counts, of: gateway.id, to: &pipeline, using: &buffer)
            if beats { try Self.beat(gateway, to: &pipeline, using: &buffer) }
            buffer.removeAll()
            buffer.append(gateway.id)
            buffer.append(lately.inMicroseconds)
            buffer.append(news)
            buffer.append(Int64(Self.countLimit))
            try pipeline.send(Self.others, buffer)
            try Self.askPresence(of: &pipeline, using: &buffer)
        }
        let rows = results[results.count - 2]
        var others: [OtherCount] = []
        others.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            others.append(
                OtherCount(
                    subject: try rows.uuid(row, 0),
                    gateway: try rows.uuid(row, 1),
                    admitted: try rows.int64(row, 2),
                    debtMicroseconds: try rows.int64(row, 3),
                    ageMicroseconds: try rows.int64(row, 4)
                )
            )
        }
        return (others, try Self.presence(results[results.count - 1]))
    }

    /// Says that this gateway is alive, and reads who else is.
    package static func beat(
        _ gateway: Gateway,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Presence {
        let results = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var buffer = ParameterBuffer()
            try Self.beat(gateway, to: &pipeline, using: &buffer)
            try Self.askPresence(of: &pipeline, using: &buffer)
        }
        return try Self.presence(results[1])
    }

    /// Writes the last counts and takes this gateway off the list; its counts stay until they are too old to matter.
    package static func leave(
        _ gateway: Gateway,
        _ counts: [Count],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            var buffer = ParameterBuffer()
            try Self.put(counts, of: gateway.id, to: &pipeline, using: &buffer)
            buffer.removeAll()
            buffer.append(gateway.id)
            try pipeline.send(Self.forget, buffer)
        }
    }

    private static func put(
        _ counts: [Count],
        of gateway: UniqueID,
        to pipeline: inout Pipeline,
        using buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        try Self.upsert.send(rows: counts.count, to: &pipeline, using: &buffer) { index, buffer in
            let count = counts[index]
            buffer.append(count.subject)
            buffer.append(gateway)
            buffer.append(count.organization)
            buffer.append(max(0, count.admitted))
            buffer.append(max(0, count.debtMicroseconds))
        }
    }

    private static func beat(
        _ gateway: Gateway,
        to pipeline: inout Pipeline,
        using buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(gateway.id)
        buffer.append(gateway.identity)
        buffer.append(gateway.shares)
        try pipeline.send(Self.beat, buffer)
    }

    private static func askPresence(
        of pipeline: inout Pipeline,
        using buffer: inout ParameterBuffer
    ) throws(PostgresError) {
        buffer.removeAll()
        buffer.append(Self.presence / .seconds(1))
        try pipeline.send(Self.present, buffer)
    }

    private static func presence(_ rows: Rows) throws(PostgresError) -> Presence {
        Presence(
            serverMicroseconds: try rows.int64(0, 0),
            gateways: try rows.uuids(0, 1),
            shares: try rows.texts(0, 2)
        )
    }
}
