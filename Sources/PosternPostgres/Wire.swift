internal import CPostgres
internal import Glibc
internal import Logging

/// The thin owner of a `PGconn`, always in non-blocking mode: libpq's calls as Swift values, no decisions.
///
/// Belongs to one thread. A class because libpq keeps a pointer to ``notices`` for its callback.
@safe final class Wire {
    /// What libpq hands out next.
    enum Answer {
        /// A statement ended well.
        case rows(Rows)
        /// A statement failed.
        case failed(Diagnosis)
        /// A pipeline's synchronization point was reached.
        case synchronized
        /// A statement was skipped because an earlier one of its pipeline failed.
        case skipped
        /// The server began a COPY, which we never ask for.
        case copy
    }

    /// Whether the server is in a transaction.
    enum Transaction {
        case none
        case open
        case failed
        case unknown
    }

    /// How far the bytes to send got.
    enum Progress {
        case done
        case blocked
        case failed
    }

    private let handle: OpaquePointer
    /// What the server said beside its answers.
    let notices: NoticeSink
    /// Pointers into the arena of the parameters being sent; reused, so that a send allocates nothing.
    private var values: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>
    /// One "binary" for each parameter; reused.
    private var formats: UnsafeMutableBufferPointer<Int32>

    /// Takes over a handle that ``Dialer`` connected.
    init(adopting handle: OpaquePointer, notices: NoticeSink) {
        unsafe self.handle = handle
        self.notices = notices
        unsafe self.values = .allocate(capacity: 0)
        unsafe self.formats = .allocate(capacity: 0)
        unsafe PQsetnonblocking(handle, 1)
    }

    deinit {
        unsafe PQfinish(self.handle)
        unsafe self.values.deallocate()
        unsafe self.formats.deallocate()
    }

    // MARK: State

    /// The socket, −1 when there is none any more.
    var socket: Int32 { unsafe PQsocket(self.handle) }
    /// Whether libpq still believes in the connection.
    var isHealthy: Bool { unsafe PQstatus(self.handle) == CONNECTION_OK }
    /// The server process's id.
    var backendPID: Int32 { unsafe PQbackendPID(self.handle) }
    /// The server's version: 150020 is 15.20.
    var serverVersion: Int32 { unsafe PQserverVersion(self.handle) }
    /// Whether the conversation is encrypted.
    var usesTLS: Bool { unsafe PQsslInUse(self.handle) == 1 }
    /// libpq's last error in one line.
    var failure: String { unsafe Self.line(PQerrorMessage(self.handle)) }
    /// Whether an answer is still incomplete: then reading would block.
    var isBusy: Bool { unsafe PQisBusy(self.handle) == 1 }

    /// The server's transaction state.
    var transaction: Transaction {
        switch unsafe PQtransactionStatus(self.handle) {
        case PQTRANS_IDLE: .none
        case PQTRANS_INTRANS: .open
        case PQTRANS_INERROR: .failed
        default: .unknown
        }
    }

    // MARK: Sending; each says whether libpq took it

    /// Queues a script for the simple protocol.
    func send(script sql: String) -> Bool { unsafe PQsendQuery(self.handle, sql) == 1 }

    /// Queues the preparation of a statement.
    func send(preparing statement: Statement, as name: String) -> Bool {
        unsafe statement.oids.withUnsafeBufferPointer { oids in
            unsafe PQsendPrepare(self.handle, name, statement.sql, Int32(oids.count), oids.baseAddress) == 1
        }
    }

    /// Queues the execution of a prepared statement: binary parameters, which are copied, and binary results.
    func send(executing name: String, _ parameters: borrowing ParameterBuffer) -> Bool {
        let count = parameters.count
        self.reserve(count)
        // A copy of the pointer: the class's own would be checked for exclusive access at every turn of the loop.
        let values = unsafe self.values
        return unsafe parameters.arena.withUnsafeBytes { arena in
            unsafe parameters.offsets.withUnsafeBufferPointer { offsets in
                for index in 0..<count {
                    let offset = unsafe offsets[index]
                    unsafe values[index] =
                        offset < 0
                        ? nil : unsafe arena.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
                }
            }
            return unsafe parameters.lengths.withUnsafeBufferPointer { lengths in
                unsafe PQsendQueryPrepared(
                    self.handle,
                    name,
                    Int32(count),
                    values.baseAddress,
                    lengths.baseAddress,
                    self.formats.baseAddress,
                    1
                ) == 1
            }
        }
    }

    /// Queues a statement that cannot be parsed, so that the pipeline it ends up in is rolled back.
    func send(poison text: String) -> Bool {
        unsafe PQsendQueryParams(self.handle, text, 0, nil, nil, nil, nil, 1) == 1
    }

    /// Enters pipeline mode.
    func enterPipeline() -> Bool { unsafe PQenterPipelineMode(self.handle) == 1 }
    /// Leaves pipeline mode; refused while answers are due.
    func exitPipeline() -> Bool { unsafe PQexitPipelineMode(self.handle) == 1 }
    /// Queues the end of the pipeline's implicit transaction.
    func sendSync() -> Bool { unsafe PQpipelineSync(self.handle) == 1 }

    /// Gives the queued bytes to the socket.
    func flush() -> Progress {
        switch unsafe PQflush(self.handle) {
        case 0: .done
        case 1: .blocked
        default: .failed
        }
    }

    // MARK: Receiving

    /// Reads what has arrived; says whether the connection lives.
    func consume() -> Bool { unsafe PQconsumeInput(self.handle) == 1 }

    /// The next answer, `nil` between the answers of one statement and those of the next.
    ///
    /// Call it when not ``isBusy``, or it blocks.
    func next() -> Answer? {
        guard let result = unsafe PQgetResult(self.handle) else { return nil }
        switch unsafe PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE:
            return unsafe .rows(Rows(adopting: result))
        case PGRES_PIPELINE_SYNC:
            unsafe PQclear(result)
            return .synchronized
        case PGRES_PIPELINE_ABORTED:
            unsafe PQclear(result)
            return .skipped
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            unsafe PQclear(result)
            return .copy
        default:
            let diagnosis = unsafe Diagnosis(result)
            unsafe PQclear(result)
            return .failed(diagnosis)
        }
    }

    /// The next notification that has been read, if any.
    func nextNotification() -> Notification? {
        guard let notice = unsafe PQnotifies(self.handle) else { return nil }
        defer { unsafe PQfreemem(notice) }
        return unsafe Notification(
            channel: String(cString: notice.pointee.relname),
            payload: String(cString: notice.pointee.extra)
        )
    }

    /// What a cancel request needs; `nil` when the connection is gone.
    func makeCancelRequest() throws(PostgresError) -> CancelRequest? {
        guard let token = unsafe PQgetCancel(self.handle) else { return nil }
        return unsafe try CancelRequest(adopting: token)
    }

    /// Ends the conversation at once, so that the server notices; the handle stays until `deinit`.
    func hangUp() {
        guard self.socket >= 0 else { return }
        _ = shutdown(self.socket, Int32(SHUT_RDWR))
    }

    private func reserve(_ count: Int) {
        guard unsafe count > self.values.count else { return }
        let capacity = unsafe max(count, self.values.count * 2, 64)
        unsafe self.values.deallocate()
        unsafe self.formats.deallocate()
        unsafe self.values = .allocate(capacity: capacity)
        unsafe self.values.initialize(repeating: nil)
        unsafe self.formats = .allocate(capacity: capacity)
        unsafe self.formats.initialize(repeating: 1)
    }

    /// A C message as one line.
    static func line(_ message: UnsafePointer<CChar>?) -> String {
        guard let message = unsafe message else { return "no reason given" }
        return unsafe String(cString: message).split { $0.isWhitespace }.joined(separator: " ")
    }
}

extension Diagnosis {
    /// Reads the fields of a failed result or a notice.
    init(_ result: OpaquePointer) {
        self.init(
            sqlstate: unsafe Self.field(result, .sqlstate) ?? "",
            message: unsafe Self.field(result, .message) ?? Wire.line(PQresultErrorMessage(result)),
            constraint: unsafe Self.field(result, .constraint),
            function: unsafe Self.field(result, .function) ?? ""
        )
    }

    /// The letters of a message's fields, which the header defines as characters that Swift does not import.
    ///
    /// Source: PostgreSQL 15, src/include/postgres_ext.h, PG_DIAG_….
    private enum Field: Unicode.Scalar {
        case sqlstate = "C"
        case message = "M"
        case constraint = "n"
        case function = "R"
    }

    private static func field(_ result: OpaquePointer, _ field: Field) -> String? {
        guard let text = unsafe PQresultErrorField(result, Int32(field.rawValue.value)) else { return nil }
        return unsafe String(cString: text)
    }
}
