/// The names under which jobs count what they left, and the counts in words.
package enum JobCounts {
    /// All that was left, for whatever reason.
    package static let skipped = "skipped"
    /// Left, because a replay was under way.
    package static let skippedReplaying = "skipped_replaying"
    /// Left, because somebody changed its state in the meantime.
    package static let skippedReviewed = "skipped_reviewed"
    /// Left, because where it would go takes nothing.
    package static let skippedUndeliverable = "skipped_undeliverable"

    private static let reasons = [
        (Self.skippedUndeliverable, "destination deleted or disabled"),
        (Self.skippedReplaying, "replay under way"),
        (Self.skippedReviewed, "reviewed in the meantime"),
    ]

    /// What was counted, for a person: `queued 27, skipped 1 (destination deleted or disabled)`.
    package static func text(_ counts: [String: Int64]) -> String {
        let reasons = Self.reasons.filter { counts[$0.0, default: 0] > 0 }
        let why = reasons.map { name, words in
            reasons.count == 1 ? words : "\(counts[name, default: 0]) \(words)"
        }.joined(separator: ", ")
        let known = Set(Self.reasons.map(\.0))
        return counts.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map { name, count in
            let words = name.split(separator: "_").joined(separator: " ")
            return "\(words) \(count)\(name == Self.skipped && !why.isEmpty ? " (\(why))" : "")"
        }.joined(separator: ", ")
    }
}
