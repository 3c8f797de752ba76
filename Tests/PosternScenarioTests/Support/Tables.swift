import PosternModel
import PosternPostgres
import PosternTesting

/// Looks into a scenario's tables past all roles, each time in a session of its own.
struct Tables: Sendable {
    /// A delivery as it is stored.
    struct StoredDelivery: Sendable {
        let platform: String
        let headers: String
        let body: [UInt8]
    }

    /// A dead letter.
    struct DeadLetter: Sendable {
        let delivery: String
        let reason: String
        let detail: String
        let attempts: Int32
    }

    /// The superuser's connection string.
    let address: String

    /// The delivery with this id, if it is committed.
    func delivery(_ id: String) async throws -> StoredDelivery? {
        guard let id = UniqueID(id) else { throw ScenarioFailure("'\(id)' is not an id") }
        return try await self.query(
            Statement("delivery", "SELECT platform, headers, body FROM postern.deliveries WHERE id = $1", [.uuid]),
            id
        ) { rows in
            guard rows.count > 0 else { return nil }
            return StoredDelivery(
                platform: try rows.text(0, 0),
                headers: String(decoding: try rows.bytes(0, 1), as: UTF8.self),
                body: try rows.bytes(0, 2)
            )
        }
    }

    /// The ids of all stored deliveries.
    func deliveryIDs() async throws -> Set<String> {
        Set(try await self.texts(Statement("delivery_ids", "SELECT id::text FROM postern.deliveries")))
    }

    /// How many deliveries each gateway process stored.
    func deliveriesByGateway() async throws -> [String: Int64] {
        let sql = """
            SELECT w.gateway, count(*) FROM postern.deliveries d JOIN postern.writers w ON w.id = d.writer GROUP BY 1
            """
        return try await self.query(Statement("by_gateway", sql)) { rows in
            var counts: [String: Int64] = [:]
            for row in 0..<rows.count { counts[try rows.text(row, 0)] = try rows.int64(row, 1) }
            return counts
        }
    }

    /// The keys of all events, in no order.
    func eventKeys() async throws -> [String] {
        try await self.texts(Statement("event_keys", "SELECT key FROM postern.events"))
    }

    /// Keys that became more than one event.
    func doubledEvents() async throws -> [String] {
        let sql = "SELECT key FROM postern.events GROUP BY org_id, endpoint_id, key HAVING count(*) > 1"
        return try await self.texts(Statement("doubled", sql))
    }

    /// How many deliveries no consumer has read yet.
    func unread() async throws -> Int64 {
        let sql = """
            SELECT (SELECT count(*) FROM postern.deliveries)
                 - (SELECT coalesce(sum(consumed), 0) FROM postern.cursors)::bigint
                 - (SELECT coalesce(sum(consumed), 0) FROM postern.writers)::bigint
            """
        return try await self.number(Statement("unread", sql))
    }

    /// All dead letters, the oldest first.
    func deadLetters() async throws -> [DeadLetter] {
        let sql = """
            SELECT webhook_id::text, failure_reason, failure_detail, attempts_made
            FROM postern.webhook_dead_letter_queue ORDER BY created_at
            """
        return try await self.query(Statement("dead_letters", sql)) { rows in
            try (0..<rows.count).map { row in
                DeadLetter(
                    delivery: try rows.text(row, 0),
                    reason: try rows.text(row, 1),
                    detail: try rows.text(row, 2),
                    attempts: try rows.int32(row, 3)
                )
            }
        }
    }

    /// How many lanes each consumer owns at this moment, the consumers' ids as text.
    func lanesByOwner() async throws -> [String: Int64] {
        let sql = """
            SELECT owner::text, count(*) FROM postern.lanes JOIN postern.consumers ON id = owner
            WHERE leased_until > now() GROUP BY 1
            """
        return try await self.query(Statement("lanes", sql)) { rows in
            var counts: [String: Int64] = [:]
            for row in 0..<rows.count { counts[try rows.text(row, 0)] = try rows.int64(row, 1) }
            return counts
        }
    }

    /// The first value of a statement's only row.
    func number(_ statement: Statement) async throws -> Int64 {
        try await self.query(statement) { rows in try rows.int64(0, 0) }
    }

    /// Runs a script.
    func script(_ sql: String) async throws {
        try await onThread {
            var connection = try Connection(ConnectionConfiguration(address: self.address))
            try connection.script(sql, within: .seconds(30))
        }
    }

    /// The first column of a query, which must be text.
    func texts(_ statement: Statement) async throws -> [String] {
        try await self.query(statement) { rows in try (0..<rows.count).map { row in try rows.text(row, 0) } }
    }

    private func query<Value: Sendable>(
        _ statement: Statement,
        _ id: UniqueID? = nil,
        _ read: @escaping @Sendable (Rows) throws -> Value
    ) async throws -> Value {
        try await onThread {
            var connection = try Connection(ConnectionConfiguration(address: self.address))
            var parameters = ParameterBuffer()
            if let id { parameters.append(id) }
            return try read(try connection.query(statement, parameters, within: .seconds(30)))
        }
    }
}
