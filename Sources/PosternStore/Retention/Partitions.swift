package import PosternPostgres

/// The daily partitions: made ahead, dropped whole.
///
/// Blocking: connection threads only. The work is done by functions of the schema that run with its owner's rights;
/// gateways may make partitions, consumers and the operator may also drop them.
package enum Partitions {
    /// A table that is kept by days.
    package enum Table: String, Sendable, CaseIterable {
        case deliveries
        case events
        case attempts
        case trafficMinutes = "traffic_minutes"
        case destinationMinutes = "destination_minutes"
    }

    /// What became of one day past retention.
    package struct Outcome: Sendable, Equatable {
        /// `deliveries_20261121`.
        package let name: String
        /// False when some lane has not read all of that day yet, or some destination has not passed it; the day stays.
        package let dropped: Bool
    }

    /// How many days beyond today have partitions when nobody asks otherwise.
    package static let defaultDaysAhead: Int32 = 7

    private static let ensure = Statement("partitions_ensure", "SELECT postern.ensure_partitions($1)", [.int32])

    /// Makes the partitions from yesterday to `daysAhead` (0 to 60) that are missing, and gives how many that were.
    ///
    /// Cheap when there is nothing to make. Writers do not wait for it.
    @discardableResult
    package static func ensure(
        daysAhead: Int32 = Self.defaultDaysAhead,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Int32 {
        var parameters = ParameterBuffer()
        parameters.append(daysAhead)
        return try connection.query(Self.ensure, parameters, within: within).int32(0, 0)
    }

    private static let drop = Statement(
        "partitions_drop",
        "SELECT name, dropped FROM postern.drop_partitions($1, $2, $3)",
        [.text, .int32, .int32]
    )

    /// Drops days of one table that ended more than `keepDays` (at least 1) days ago, oldest first.
    ///
    /// Each drop locks the table for a moment, so ask for few at a time and not inside a longer transaction. Throws
    /// ``PostgresError/retry(sqlstate:message:)`` when the lock is not to be had within two seconds.
    package static func drop(
        _ table: Table,
        keepDays: Int32,
        atMost: Int32 = 1,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> [Outcome] {
        var parameters = ParameterBuffer()
        parameters.append(table.rawValue)
        parameters.append(keepDays)
        parameters.append(atMost)
        let rows = try connection.query(Self.drop, parameters, within: within)
        var outcomes: [Outcome] = []
        for row in 0..<rows.count {
            outcomes.append(Outcome(name: try rows.text(row, 0), dropped: try rows.bool(row, 1)))
        }
        return outcomes
    }
}
