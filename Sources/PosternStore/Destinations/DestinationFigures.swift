package import PosternModel

/// How far a destination is behind, what waits for it, and what came of the last attempts.
package struct DestinationFigures: Sendable, Equatable {
    /// How many events behind its cursors are counted in one lane at most.
    package static let lagLimitOfLane: Int64 = 1000

    package let destination: DestinationID
    /// Events of its organization that it has not passed, whether it subscribes to them or not.
    package var lag: Int64 = 0
    /// Whether there are more than ``lag``: in a lane no more than ``lagLimitOfLane`` are counted.
    package var isLagCut = false
    /// When the oldest of them was stored; `nil` where there is none.
    package var oldestAt: Timestamp?
    /// Events that wait to be tried again.
    package var retries: Int64 = 0
    /// When the first of them is due; `nil` where none has a time.
    package var nextRetryAt: Timestamp?
    /// Dead letters that nobody has looked at.
    package var openDeadLetters: Int64 = 0
    /// How long an attempt may take by its settings now; `nil` where there were no attempts.
    package var timeout: Duration?
    /// What came of the attempts of the last minutes.
    package var minutes: [DestinationMinute] = []

    /// Starts with nothing.
    package init(destination: DestinationID) { self.destination = destination }
}
