/// The fields of a server's error or warning that decide what it means.
struct Diagnosis: Equatable, Sendable {
    /// The five-character SQLSTATE, empty when libpq made the error itself.
    var sqlstate: String
    /// PostgreSQL's primary message; the detail is left out because it quotes rows.
    var message: String
    /// The constraint the error names, if any.
    var constraint: String?
    /// The C function of the server that raised it: the only field that tells some errors of one SQLSTATE apart.
    var function: String

    /// Whether a cached plan or a prepared statement of this session is gone or outdated on the server.
    ///
    /// 0A000 from `RevalidateCachedQuery` is "cached plan must not change result type" after a migration; 26000 is a
    /// prepared statement that a pooler or `DISCARD ALL` dropped. Preparing again under another name helps.
    var isStalePlan: Bool {
        self.sqlstate == "26000" || (self.sqlstate == "0A000" && self.function == "RevalidateCachedQuery")
    }

    /// Whether the server became read-only under us, as a primary does that was demoted.
    var isReadOnly: Bool { self.sqlstate == "25006" }

    /// Whether a commit stopped waiting for its synchronous standby: committed here, perhaps nowhere else.
    ///
    /// The server sends this as a warning beside a successful COMMIT, without a SQLSTATE of its own.
    /// Source: PostgreSQL 15, src/backend/replication/syncrep.c, SyncRepWaitForLSN.
    var isUnreplicatedCommit: Bool { self.function == "SyncRepWaitForLSN" }
}

extension PostgresError {
    /// Sorts a server's error by what the caller can do about it.
    ///
    /// Source: PostgreSQL 15 manual, appendix A, "PostgreSQL Error Codes".
    init(_ diagnosis: Diagnosis) {
        let sqlstate = diagnosis.sqlstate
        let message = diagnosis.message
        if diagnosis.isStalePlan {
            self = .retry(sqlstate: sqlstate, message: message)
            return
        }
        switch sqlstate {
        case "25006",  // read-only transaction: a failover under way
            "25P03",  // idle_in_transaction_session_timeout
            "55P03", "55006",  // lock not available, object in use
            "57014",  // canceled by statement_timeout or an administrator, not by us
            "57P01", "57P02", "57P03", "57P05":  // shutting down, crashing, starting up, idle session timeout
            self = .retry(sqlstate: sqlstate, message: message)
        default:
            switch sqlstate.prefix(2) {
            case "08": self = .unreachable(message)
            case "23": self = .conflict(sqlstate: sqlstate, constraint: diagnosis.constraint, message: message)
            case "40", "53", "58": self = .retry(sqlstate: sqlstate, message: message)
            default: self = .refused(sqlstate: sqlstate, message: message)
            }
        }
    }
}
