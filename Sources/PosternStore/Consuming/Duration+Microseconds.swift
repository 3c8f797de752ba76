extension Duration {
    /// Whole microseconds, saturating.
    var inMicroseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (whole, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return tooLong || overflow ? (seconds < 0 ? .min : .max) : sum
    }
}
