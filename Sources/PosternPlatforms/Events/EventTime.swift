package import PosternModel

/// One entry of a `time:` list: a path and how to read what is there.
package struct EventTime: Hashable, Sendable, CustomStringConvertible {
    /// How a time is written.
    package enum Unit: String, Sendable, CaseIterable {
        case seconds = "s"
        case milliseconds = "ms"
        case microseconds = "us"
        case iso8601
        /// `Fri Nov 20 23:59:58 +0000 2026`.
        case ruby
        /// Seconds, milliseconds or microseconds, told apart by magnitude.
        case auto
    }

    private let path: ValuePath
    private let unit: Unit

    /// Reads `path unit`, as in `entry.time s`.
    init(_ node: DefinitionNode, bindings: [String]) throws(DefinitionError) {
        let text = try node.text()
        let known = Unit.allCases.map(\.rawValue).joined(separator: ", ")
        guard let blank = text.lastIndex(of: " "), let unit = Unit(rawValue: String(text[text.index(after: blank)...]))
        else { throw node.error("a time is a path, a blank and one of: \(known)") }
        self.path = try node.path(String(text[..<blank]), bindings: bindings)
        self.unit = unit
    }

    /// The path and the unit as they were written.
    package var description: String { "\(self.path) \(self.unit.rawValue)" }

    /// The time at the path; `nil` when nothing is there or it cannot be read in this unit.
    package func timestamp(in scope: ReferenceScope) -> Timestamp? {
        guard let text = self.path.text(in: scope) else { return nil }
        switch self.unit {
        case .seconds: return Timestamp(decimal: text, unit: .seconds)
        case .milliseconds: return Timestamp(decimal: text, unit: .milliseconds)
        case .microseconds: return Timestamp(decimal: text, unit: .microseconds)
        case .iso8601: return Timestamp(iso8601: text)
        case .ruby: return Timestamp(rubyDate: text)
        case .auto:
            // 12 digits of seconds begin in the year 5138, 12 digits of milliseconds in 1973; likewise at 15 digits.
            let digits = text.utf8.prefix { $0 != UInt8(ascii: ".") }.count
            if digits < 12 { return Timestamp(decimal: text, unit: .seconds) }
            return Timestamp(decimal: text, unit: digits < 15 ? .milliseconds : .microseconds)
        }
    }
}
