internal import PosternModel

/// The pieces of the Prometheus text format.
///
/// Source: prometheus.io, "Exposition formats", text format 0.0.4 (read 2026-11-21).
package enum PrometheusText {
    /// The media type of the format.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Writes a number: whole ones without a fraction, infinities and NaN by their names.
    package static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.description
    }

    /// Makes a name of a metric or label out of any text: what is not allowed becomes `_`.
    package static func name(_ text: String) -> String {
        let letters = text.utf8.map { byte in byte.isLetterOrDigitASCII ? byte : UInt8(ascii: "_") }
        let name = String(decoding: letters, as: UTF8.self)
        guard let first = letters.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return "_" + name
        }
        return name
    }

    /// Escapes a label's value.
    package static func labelValue(_ text: String) -> String { Self.escape(text, quotes: true) }

    /// Escapes a help line.
    package static func help(_ text: String) -> String { Self.escape(text, quotes: false) }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\"" where quotes: output += "\\\""
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
