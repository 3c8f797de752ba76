internal import CPostgres

/// One conversation with the server: deadlines, cancellation, prepared statements and lost connections over a ``Wire``.
///
/// Belongs to one thread. Every method either leaves the conversation at rest or makes it unusable.
final class Session {
    /// Where a pipeline stands, which decides how to come to rest after an interruption.
    enum Stage {
        /// Not in pipeline mode.
        case none
        /// Statements are being queued.
        case open
        /// The end of the implicit transaction has been queued.
        case synchronized
    }

    /// How the rest of an interrupted statement's answers was got rid of.
    enum Drainage {
        /// Nothing is due any more.
        case dry
        /// The server has not said everything yet.
        case slow
        /// The connection is gone.
        case lost
    }

    /// How long a wait on an encrypted connection lasts before it is read from anyway.
    ///
    /// OpenSSL may hold the rest of a record that libpq had no room for, which `poll` cannot see; servers from version
    /// 17 on send records that large.
    private static let tick = Duration.milliseconds(20)

    /// How long a request to cancel may take to show before it is repeated.
    private static let patience = Duration.milliseconds(100)

    /// How long a canceled statement may take to come to rest before the connection is given up.
    let grace: Duration

    let wire: Wire
    let signal: CancelSignal
    /// A deadline around all calls: that of the transaction or of the piece of work.
    var outerDeadline: Deadline?
    /// Why the connection is of no use any more; `nil` while it is.
    private(set) var loss: String?
    /// Where the pipeline stands.
    var stage = Stage.none
    /// Whether cancellations wait: a rollback must not be canceled by what it cleans up after.
    var isShielded = false
    /// Whether preparations were sent whose answers have not all been seen.
    var isPreparing = false
    private let dropsReadOnlyServer: Bool
    private let isEncrypted: Bool
    private var prepared: [String: Prepared] = [:]
    private var generation = 0

    /// A statement known to the server.
    private struct Prepared {
        /// Its text, to catch two statements of one name.
        let sql: String
        /// Its name on the server.
        let name: String
    }

    /// Connects and applies the session's settings.
    init(_ configuration: ConnectionConfiguration, signal: CancelSignal) throws(PostgresError) {
        let deadline = Deadline(within: configuration.connectTimeout)
        let dialer = try Dialer(configuration)
        self.signal = signal
        self.grace = configuration.cancelTimeout
        self.wire = try dialer.dial(until: deadline, signal: signal)
        self.dropsReadOnlyServer = dialer.wantsPrimary
        self.isEncrypted = self.wire.usesTLS
        var parameters = ParameterBuffer()
        parameters.append(configuration.sessionSettings.map(\.name))
        parameters.append(configuration.sessionSettings.map(\.value))
        _ = try self.execute(Self.settings, parameters, deadline)
    }

    // Whatever the server's default is, a commit waits for the disk: what comes back after a crash must be what was
    // acted upon. Stronger settings are left alone. No statement of ours runs long enough to be worth compiling, and the
    // planner's guesses grow with what is stored until it compiles half a second for a look of a millisecond. Bodies of
    // more than 2 kB are compressed: with pglz that is most of what storing them costs, so by lz4 where the server has it.
    private static let settings = Statement(
        "postern.session_settings",
        """
        SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS setting(name, value)
        UNION ALL
        SELECT set_config('jit', 'off', false)
        UNION ALL
        SELECT set_config(name, 'lz4', false) FROM pg_settings
        WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
        UNION ALL
        SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')
        """,
        [.textArray, .textArray]
    )

    /// The deadline for a call: its own, or an outer one that comes first.
    func deadline(within limit: Duration) -> Deadline {
        let own = Deadline(within: limit)
        guard let outer = self.outerDeadline else { return own }
        return min(own, outer)
    }

    // MARK: Statements

    /// Runs one prepared statement.
    func execute(
        _ statement: Statement,
        _ parameters: borrowing ParameterBuffer,
        _ deadline: Deadline
    ) throws(PostgresError) -> Rows {
        try self.begin(deadline)
        statement.check(parameters)
        let (name, isNew) = self.name(of: statement)
        if isNew {
            try self.send(preparing: statement, as: name)
            _ = try self.finish(deadline)
            self.remember(statement, as: name)
            self.isPreparing = false
        }
        try self.took(self.wire.send(executing: name, parameters))
        guard let rows = try self.finish(deadline) else {
            throw .refused(sqlstate: "02000", message: "statement \(statement.name) gave no result")
        }
        return rows
    }

    /// Runs a script by the simple protocol; gives the last statement's tag, empty for an empty script.
    @discardableResult
    func execute(script sql: String, _ deadline: Deadline) throws(PostgresError) -> String {
        try self.begin(deadline)
        try self.took(self.wire.send(script: sql))
        return try self.finish(deadline)?.tag ?? ""
    }

    /// The server-side name for a statement, and whether it must be prepared first.
    func name(of statement: Statement) -> (name: String, isNew: Bool) {
        if let known = self.prepared[statement.name] {
            precondition(known.sql == statement.sql, "two statements are named \(statement.name)")
            return (known.name, false)
        }
        return (self.generation == 0 ? statement.name : "\(statement.name)@\(self.generation)", true)
    }

    /// Queues the preparation of a statement.
    func send(preparing statement: Statement, as name: String) throws(PostgresError) {
        self.isPreparing = true
        try self.took(self.wire.send(preparing: statement, as: name))
    }

    /// Notes that the server knows the statement under `name`.
    func remember(_ statement: Statement, as name: String) {
        self.prepared[statement.name] = Prepared(sql: statement.sql, name: name)
    }

    // MARK: Rest and loss

    /// Throws when the connection is of no use any more.
    func checkUsable() throws(PostgresError) {
        if let loss = self.loss { throw .unreachable("this connection was lost before: \(loss)") }
    }

    /// Throws when a call must not even begin: the connection is lost, the time is over, or someone canceled.
    func begin(_ deadline: Deadline) throws(PostgresError) {
        try self.checkUsable()
        // Whether an interrupted preparation took place nobody knows, so its name is never used again.
        if self.isPreparing {
            self.isPreparing = false
            self.generation += 1
        }
        // A warning from a call that failed otherwise must not be held against this one.
        _ = self.wire.notices.takeUnreplicatedCommit()
        guard !self.isShielded else { return }
        if deadline.hasPassed { throw .deadline("the deadline passed before the statement was sent") }
        if self.signal.consume() { throw .deadline("the caller canceled before the statement was sent") }
    }

    /// Throws when libpq did not take what was to be sent.
    func took(_ accepted: Bool) throws(PostgresError) {
        guard !accepted else { return }
        throw self.lose(self.wire.failure)
    }

    /// Makes the connection unusable.
    func lose(_ reason: String) -> PostgresError {
        if self.loss == nil { self.loss = reason }
        self.wire.hangUp()
        return .unreachable(reason)
    }

    /// Sorts a server's error, and draws the consequences for this connection.
    func digest(_ diagnosis: Diagnosis) -> PostgresError {
        if diagnosis.isStalePlan {
            self.prepared.removeAll()
            self.generation += 1
        }
        if !self.wire.isHealthy {
            if diagnosis.sqlstate.isEmpty { return self.lose(diagnosis.message) }
            _ = self.lose(diagnosis.message)
        }
        if diagnosis.isReadOnly && self.dropsReadOnlyServer {
            _ = self.lose("the server became read-only; looking for the primary again")
        }
        return PostgresError(diagnosis)
    }

    /// Sends what is queued, then reads the answers up to the end of the statement or script.
    ///
    /// - Returns: the last result, `nil` when there was none.
    private func finish(_ deadline: Deadline) throws(PostgresError) -> Rows? {
        try self.flush(deadline)
        var last: Rows?
        var failure: PostgresError?
        while true {
            try self.awaitAnswer(deadline)
            guard let answer = self.wire.next() else { break }
            switch answer {
            case .rows(let rows): last = rows
            case .failed(let diagnosis):
                let error = self.digest(diagnosis)
                failure = failure ?? error
            case .copy: throw self.lose("the statement began a COPY, which Postern does not speak")
            case .synchronized, .skipped: break
            }
        }
        if let failure { throw failure }
        try self.checkReplication()
        return last
    }

    /// Throws when a commit is not where `synchronous_commit` wants it.
    func checkReplication() throws(PostgresError) {
        guard self.wire.notices.takeUnreplicatedCommit() else { return }
        throw .retry(sqlstate: "01000", message: "committed here, but perhaps not on the synchronous standby")
    }

    /// Sends what is queued, reading meanwhile, so that a server that waits for us to read cannot hold us up.
    func flush(_ deadline: Deadline) throws(PostgresError) {
        while self.wire.flush() == .blocked {
            guard try self.wait(.readOrWrite, deadline) == .readable else { continue }
            // A lost connection shows when the answers are read: the server's last words come first.
            guard self.wire.consume() else { return }
        }
    }

    /// Waits until the next answer is complete.
    func awaitAnswer(_ deadline: Deadline) throws(PostgresError) {
        while self.wire.isBusy {
            _ = try self.wait(.read, deadline)
            guard self.wire.consume() else { return }
        }
    }

    /// Waits at the socket; a passed deadline or a cancellation cancels the statement and comes to rest.
    private func wait(_ interest: Poll.Interest, _ deadline: Deadline) throws(PostgresError) -> Poll.Outcome {
        while true {
            let outcome = Poll.wait(
                socket: self.wire.socket,
                interest,
                wakeup: self.isShielded ? -1 : self.signal.wakeup.descriptor,
                until: self.isEncrypted ? min(deadline, Deadline(within: Self.tick)) : deadline
            )
            switch outcome {
            case .readable, .writable: return outcome
            case .expired where !deadline.hasPassed: return .readable
            case .expired:
                self.interrupt()
                throw .deadline("the deadline passed; the statement was canceled")
            case .woken:
                self.signal.wakeup.silence()
                guard self.signal.consume() else { continue }
                self.interrupt()
                throw .deadline("the caller canceled the statement")
            }
        }
    }

    /// Cancels what the server does and comes to rest, or gives the connection up.
    private func interrupt() {
        let deadline = Deadline(within: self.grace)
        if self.stage == .open { self.poison() }
        do throws(PostgresError) {
            // A request that overtakes its statement finds nothing to cancel, so it is repeated.
            while !deadline.hasPassed {
                let request = try self.wire.makeCancelRequest()
                request?.send()
                let drainage = self.drain(until: min(deadline, Deadline(within: Self.patience)))
                // Not before the server has been told: a late request would hit a later statement.
                guard drainage != .lost, request?.hasBeenSent(until: deadline) == true else { break }
                if drainage == .dry { return }
            }
            _ = self.lose("a canceled statement did not end within \(self.grace)")
        } catch {
            _ = self.lose("the statement could not be canceled: \(error)")
        }
    }

    /// Makes sure that what the pipeline holds so far is rolled back.
    func poison() {
        guard self.wire.send(poison: "the client gave this pipeline up"), self.wire.sendSync() else { return }
        self.stage = .synchronized
    }

    /// Reads and drops answers until nothing is due any more.
    func drain(until deadline: Deadline) -> Drainage {
        let isPipeline = self.stage != .none
        while true {
            while case let progress = self.wire.flush(), progress == .blocked || self.wire.isBusy {
                let interest: Poll.Interest = progress == .blocked ? .readOrWrite : .read
                switch Poll.wait(socket: self.wire.socket, interest, wakeup: -1, until: deadline) {
                case .expired, .woken: return .slow
                case .writable: continue
                case .readable: guard self.wire.consume() else { return .lost }
                }
            }
            guard self.wire.isHealthy else { return .lost }
            switch self.wire.next() {
            case nil where !isPipeline: return .dry
            case .synchronized:
                guard self.wire.exitPipeline() else { return .lost }
                self.stage = .none
                return .dry
            case .copy: return .lost
            case nil, .rows, .failed, .skipped: continue
            }
        }
    }
}
