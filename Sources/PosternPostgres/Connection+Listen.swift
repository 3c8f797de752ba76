extension Connection {
    /// Subscribes to a channel for the life of the connection.
    ///
    /// - Parameters:
    ///   - channel: taken as it is written, case included; 1 to 63 bytes.
    ///   - limit: for the call.
    /// - Throws: what ``script(_:within:)`` throws.
    package mutating func listen(_ channel: String, within limit: Duration = .seconds(10)) throws(PostgresError) {
        precondition((1...63).contains(channel.utf8.count), "channel \(channel): 1 to 63 bytes")
        let quoted = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        try self.script("LISTEN \"\(quoted)\"", within: limit)
    }

    /// Takes the notifications that have arrived; waits for the first one up to `limit`.
    ///
    /// - Returns: at least one, or none when the time passed or ``CancelHandle/cancel()`` was called.
    /// - Throws: ``PostgresError/unreachable(_:)`` when the connection is lost: notifications in between are lost too,
    ///   so read afresh what they announce after connecting again.
    package mutating func notifications(within limit: Duration) throws(PostgresError) -> [Notification] {
        try self.session.checkUsable()
        let deadline = self.session.deadline(within: limit)
        while true {
            let arrived = self.session.takeNotifications()
            if !arrived.isEmpty { return arrived }
            guard try self.session.awaitNews(deadline) else { return [] }
        }
    }
}
