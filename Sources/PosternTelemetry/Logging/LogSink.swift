/// Where finished log lines go.
package protocol LogSink: Sendable {
    /// Writes one line, its line end included. Called by any thread, many at once.
    func write(_ line: [UInt8])
}
