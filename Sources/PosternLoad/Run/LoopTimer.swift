internal import NIOCore

/// Calls its owner at times, again and again, without an allocation each time.
///
/// Belongs to its event loop.
final class LoopTimer: NIOScheduledCallbackHandler {
    private let eventLoop: any EventLoop
    private let action: () -> Int64?
    private var pending: NIOScheduledCallback?

    /// Prepares a timer; `action` says when it wants to be called again, in nanoseconds of ``LoadClock``.
    init(_ eventLoop: any EventLoop, action: @escaping () -> Int64?) {
        self.eventLoop = eventLoop
        self.action = action
    }

    /// Calls at that time.
    func start(at time: Int64) {
        self.cancel()
        // Refused only by a loop that has ended, and then there is nothing to call.
        self.pending = try? self.eventLoop.assumeIsolated().scheduleCallback(
            at: LoadClock.deadline(time),
            handler: self
        )
    }

    /// Calls no more.
    func cancel() {
        guard let pending = self.pending else { return }
        self.pending = nil
        self.eventLoop.assumeIsolated().cancelScheduledCallback(pending)
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        self.pending = nil
        if let next = self.action() { self.start(at: next) }
    }
}
