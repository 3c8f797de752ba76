/// What one event loop brings home.
struct LoadShare: Sendable {
    /// What it measured.
    let figures: LoadFigures
    /// When measuring began; `nil` for a run that ended before it had connections.
    let measuredFrom: Int64?
    /// When sending ended.
    let stopped: Int64
    /// When the last answer came; 0 without any.
    let lastAnswer: Int64
    /// The processor time the program had used when measuring began; `nil` if it never began.
    let processorStart: Int64?
}
