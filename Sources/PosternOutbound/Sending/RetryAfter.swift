package import PosternModel

/// The header field by which a destination says when it wants to be asked again.
///
/// Source: RFC 9110, section 10.2.3.
package enum RetryAfter {
    /// Reads a value: whole seconds, or a date, which is taken from `now` and never negative; `nil` for anything else.
    package static func read(_ value: String?, at now: Timestamp) -> Duration? {
        guard let text = value.map(Self.trimmed), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // Ten digits are 317 years; with more, it is the same "never".
            guard text.utf8.count <= 10, let seconds = Int64(text) else { return .seconds(9_999_999_999 as Int64) }
            return .seconds(seconds)
        }
        guard let date = Timestamp(httpDate: text) else { return nil }
        return .microseconds(max(0, date.microseconds(since: now)))
    }

    private static func trimmed(_ value: String) -> Substring {
        let end = value.lastIndex { $0 != " " && $0 != "\t" }.map { value.index(after: $0) } ?? value.startIndex
        return value[..<end].drop { $0 == " " || $0 == "\t" }
    }
}
