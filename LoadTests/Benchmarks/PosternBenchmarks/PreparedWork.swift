internal import PosternCases
internal import Synchronization

/// The work of a case, prepared when it is first asked for.
///
/// Any thread.
final class PreparedWork: Sendable {
    private let measured: MeasuredCase
    private let work = Mutex<MeasuredCase.Work?>(nil)

    /// Prepares nothing yet.
    init(_ measured: MeasuredCase) { self.measured = measured }

    /// The work, ready to be repeated.
    ///
    /// - Throws: ``CaseFailure`` when it cannot be prepared.
    func get() throws(CaseFailure) -> MeasuredCase.Work {
        try self.work.withLock { (work) throws(CaseFailure) in
            if let known = work { return known }
            let made = try self.measured.prepare()
            work = made
            return made
        }
    }
}
