internal import Synchronization

/// One piece of work on its way through a ``Database``.
///
/// Whoever takes it out of the queue ends it, exactly once: a connection thread by ``perform``, everybody else by
/// ``fail``.
final class Job: Sendable {
    /// When it must be over, waiting included.
    let deadline: Deadline
    /// Runs the work; what it returns hands the result to the caller.
    let perform: @Sendable (inout Connection) -> @Sendable () -> Void
    /// Ends it without running it.
    let fail: @Sendable (PostgresError) -> Void

    /// Joins the parts.
    init(
        deadline: Deadline,
        perform: @escaping @Sendable (inout Connection) -> @Sendable () -> Void,
        fail: @escaping @Sendable (PostgresError) -> Void
    ) {
        self.deadline = deadline
        self.perform = perform
        self.fail = fail
    }
}
