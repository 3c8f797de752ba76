/// What a run came to.
package struct LoadResult: Sendable {
    /// Everything measured, of all event loops together.
    package let figures: LoadFigures
    /// How long requests were measured, in seconds.
    package let seconds: Double
    /// The generator's own processor time for each answer, in microseconds; 0 when nothing was measured.
    package let processorMicroseconds: Double
    /// Whether a signal ended it.
    package let wasInterrupted: Bool

    /// Joins the figures.
    ///
    /// - Parameters:
    ///   - figures: everything measured.
    ///   - seconds: how long.
    ///   - processorMicroseconds: the generator's own processor time for each answer.
    ///   - wasInterrupted: whether a signal ended it.
    package init(figures: LoadFigures, seconds: Double, processorMicroseconds: Double, wasInterrupted: Bool) {
        self.figures = figures
        self.seconds = seconds
        self.processorMicroseconds = processorMicroseconds
        self.wasInterrupted = wasInterrupted
    }

    /// Answers a second.
    package var perSecond: Double { self.seconds > 0 ? Double(self.figures.answered) / self.seconds : 0 }
}
