package import Logging
package import PosternModel

/// One log record and its two written forms.
///
/// Both forms are one line: control characters, line ends and terminal escapes in any text are written as escapes, so
/// that nothing from outside can forge a record. Metadata is sorted by key.
package struct LogLine: Sendable {
    private let time: Timestamp
    private let level: Logger.Level
    private let label: String
    private let message: String
    private let metadata: Logger.Metadata

    /// Takes a record.
    package init(time: Timestamp, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }

    /// Writes the record with its line end.
    package func bytes(_ format: LogFormat) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        switch format {
        case .text: self.writeText(to: &output)
        case .json: self.writeJSON(to: &output)
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }

    private var sorted: [(key: String, value: Logger.MetadataValue)] { self.metadata.sorted { $0.key < $1.key } }

    // MARK: text

    private func writeText(to output: inout [UInt8]) {
        output += "\(self.time) \(self.level.rawValue) ".utf8
        LogEscape.write(self.label, quoting: false, to: &output)
        output += ": ".utf8
        LogEscape.write(self.message, quoting: false, to: &output)
        for (key, value) in self.sorted {
            output.append(UInt8(ascii: " "))
            LogEscape.write(key, quoting: LogEscape.needsQuotes(key), to: &output)
            output.append(UInt8(ascii: "="))
            let text = Self.text(of: value)
            LogEscape.write(text, quoting: LogEscape.needsQuotes(text), to: &output)
        }
    }

    private static func text(of value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array(let values): "[" + values.map(Self.text).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{"
                + values.sorted { $0.key < $1.key }.map { "\($0.key):\(Self.text(of: $0.value))" }.joined(
                    separator: ","
                )
                + "}"
        }
    }

    // MARK: JSON

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    private func writeJSON(to output: inout [UInt8]) {
        output += "{\"time\":\"\(self.time)\",\"level\":\"\(self.level.rawValue)\",\"logger\":".utf8
        LogEscape.write(self.label, quoting: true, to: &output)
        output += ",\"message\":".utf8
        LogEscape.write(self.message, quoting: true, to: &output)
        for (key, value) in self.sorted {
            output.append(UInt8(ascii: ","))
            // A library's metadata must not replace the record's own members.
            LogEscape.write(Self.reserved.contains(key) ? key + "_" : key, quoting: true, to: &output)
            output.append(UInt8(ascii: ":"))
            Self.writeJSON(value, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private static func writeJSON(_ value: Logger.MetadataValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text): LogEscape.write(text, quoting: true, to: &output)
        case .stringConvertible(let value): LogEscape.write(value.description, quoting: true, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.writeJSON(value, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            output.append(UInt8(ascii: "{"))
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                LogEscape.write(pair.key, quoting: true, to: &output)
                output.append(UInt8(ascii: ":"))
                Self.writeJSON(pair.value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}
