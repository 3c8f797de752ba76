package import PosternModel
package import PosternPostgres

/// Announces an identifier on a channel of the database, as deliveries to `postgres-notify` do.
///
/// Blocking: connection threads only.
package enum ChannelNotice {
    private static let notify = Statement("channel_notice", "SELECT pg_notify($1, $2)", [.text, .text])

    /// Sends it; whether anybody listens cannot be known.
    ///
    /// - Throws: any ``PostgresError``.
    package static func send(
        _ event: EventID,
        on channel: String,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(channel)
        parameters.append(event.description)
        _ = try connection.query(Self.notify, parameters, within: within)
    }
}
