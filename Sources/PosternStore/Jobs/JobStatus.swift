/// How far a job has come in its life.
package enum JobStatus: String, Sendable, CaseIterable {
    /// Planned, not asked for.
    case planned
    /// Asked for; the next consumer that is free takes it.
    case waiting
    case running
    case succeeded
    case failed
    case canceled

    /// Whether nothing more happens unless somebody asks.
    package var isFinal: Bool {
        switch self {
        case .planned, .waiting, .running: false
        case .succeeded, .failed, .canceled: true
        }
    }
}
