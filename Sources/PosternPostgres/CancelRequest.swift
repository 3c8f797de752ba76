internal import CPostgres
internal import Synchronization

/// One request to cancel, carried out on a thread of its own, because libpq's call can block for as long as TCP likes.
///
/// `@unchecked Sendable`: the token is a copy that no connection refers to; only the request's thread uses it, and it
/// is freed after that thread let go of the request.
@safe final class CancelRequest: @unchecked Sendable {
    private let token: OpaquePointer
    /// Rings when the server has been told, or could not be.
    private let isSent: Wakeup

    /// Takes over libpq's token.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` when the process has no descriptors left.
    init(adopting token: OpaquePointer) throws(PostgresError) {
        unsafe self.token = token
        do throws(PostgresError) {
            self.isSent = try Wakeup()
        } catch {
            unsafe PQfreeCancel(token)
            throw error
        }
    }

    deinit { unsafe PQfreeCancel(self.token) }

    /// Starts to tell the server.
    func send() {
        _ = ConnectionThread.start(name: "pg-cancel") {
            var reason: [CChar] = Array(repeating: 0, count: 256)
            // A refusal needs no report: the statement then does not end, and the connection is given up.
            _ = unsafe PQcancel(self.token, &reason, 256)
            self.isSent.ring()
        }
    }

    /// Waits until the server has been told, so that a late request cannot hit a later statement.
    func hasBeenSent(until deadline: Deadline) -> Bool {
        self.isSent.wait(until: deadline)
    }
}
