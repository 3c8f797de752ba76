/// How one event loop stands in the middle of a run.
struct LoadSnapshot: Sendable {
    /// What it measured so far.
    let figures: LoadFigures
    /// Whether it has ended.
    let hasEnded: Bool
    /// Connections that stand.
    let connected: Int
    /// Requests that are due and not sent.
    let waiting: Int
}
