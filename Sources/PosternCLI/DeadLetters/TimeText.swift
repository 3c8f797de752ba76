internal import PosternModel

/// Points in time as people give them to commands.
enum TimeText {
    /// Reads ISO 8601 (`2026-11-20`, `2026-11-20T12:00:00Z`), or how long ago: `90s`, `30m`, `24h`, `7d`.
    ///
    /// - Throws: ``CommandFailure`` naming the option.
    static func parse(_ text: String, option: String, now: Timestamp = .now()) throws -> Timestamp {
        if let time = Timestamp(iso8601: text) { return time }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        {
            return now.advanced(by: .zero - .seconds(count * unit))
        }
        throw CommandFailure(
            code: "bad_option",
            message: "\(option) takes a time such as 2026-11-20T12:00:00Z, or how long ago such as 24h, not '\(text)'"
        )
    }
}
