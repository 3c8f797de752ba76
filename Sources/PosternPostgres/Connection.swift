/// One session with PostgreSQL.
///
/// Blocking: connection threads only. Belongs to one thread from `init` to `deinit`; never touch it on an event loop or
/// a Swift task. Each call has a deadline: when it passes, the statement is canceled on the server and
/// ``PostgresError/deadline(_:)`` is thrown; the connection stays usable if the server came to rest within
/// ``ConnectionConfiguration/cancelTimeout``.
/// After a lost connection every call throws ``PostgresError/unreachable(_:)``; make a new one.
package struct Connection: ~Copyable {
    /// The conversation; shared only with the ``Pipeline`` lent out meanwhile.
    let session: Session
    /// Whether a transaction body runs.
    var isInTransaction = false

    /// Connects, authenticates and applies the session's settings.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` with every host's reason;
    ///   ``PostgresError/refused(sqlstate:message:)`` when the address cannot be read or a setting is unknown.
    package init(_ configuration: ConnectionConfiguration) throws(PostgresError) {
        self.session = try Session(configuration, signal: CancelSignal())
    }

    /// Connects with a signal that outlives the connection.
    init(_ configuration: ConnectionConfiguration, signal: CancelSignal) throws(PostgresError) {
        self.session = try Session(configuration, signal: signal)
    }

    /// Whether calls can succeed: connected, and not given up after a lost or unfinished call.
    ///
    /// A server that went away since the last call shows in ``isStillThere()`` only.
    package var isUsable: Bool { self.session.loss == nil && self.session.wire.isHealthy }

    /// Looks, without waiting, whether the server went away while nobody used the connection; one system call.
    package mutating func isStillThere() -> Bool { self.session.isStillThere() }

    /// The process id of the server's end, as in `pg_stat_activity`.
    package var backendPID: Int32 { self.session.wire.backendPID }

    /// The server's version as a number: 150020 is 15.20.
    package var serverVersion: Int32 { self.session.wire.serverVersion }

    /// Cancels this connection's calls from other threads.
    package var cancelHandle: CancelHandle { CancelHandle(signal: self.session.signal) }

    /// Runs one statement, prepared on its first use here; outside of a transaction it commits by itself.
    ///
    /// - Throws: any ``PostgresError``; after ``PostgresError/unreachable(_:)`` and ``PostgresError/deadline(_:)`` it
    ///   is unknown whether a change was committed.
    package mutating func query(
        _ statement: Statement,
        _ parameters: borrowing ParameterBuffer,
        within limit: Duration
    ) throws(PostgresError) -> Rows {
        try self.session.execute(statement, parameters, self.session.deadline(within: limit))
    }

    /// Runs one statement without parameters.
    package mutating func query(_ statement: Statement, within limit: Duration) throws(PostgresError) -> Rows {
        try self.query(statement, ParameterBuffer(), within: limit)
    }

    /// Runs several statements without parameters by the simple protocol: migrations, `SET LOCAL`.
    ///
    /// Outside of a transaction the whole script is one transaction, unless it says otherwise.
    package mutating func script(_ sql: String, within limit: Duration) throws(PostgresError) {
        try self.session.execute(script: sql, self.session.deadline(within: limit))
    }
}
