/// Writes a latency for a person.
enum LatencyText {
    /// Microseconds up to a millisecond, then milliseconds, then seconds, each with three digits or so.
    static func text(_ microseconds: UInt64) -> String {
        switch microseconds {
        case ..<1000: "\(microseconds) µs"
        case ..<10_000: "\(Double(microseconds / 10) / 100) ms"
        case ..<100_000: "\(Double(microseconds / 100) / 10) ms"
        case ..<10_000_000: "\(microseconds / 1000) ms"
        default: "\(microseconds / 1_000_000) s"
        }
    }
}
