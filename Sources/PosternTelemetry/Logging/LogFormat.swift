/// How log records are written; the raw values are those of `--log-format`.
package enum LogFormat: String, CaseIterable, Sendable {
    /// One line for people: time, level, logger, message, `key=value` pairs.
    case text
    /// One JSON object a line.
    case json
}
