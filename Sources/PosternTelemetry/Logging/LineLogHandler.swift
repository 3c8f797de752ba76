package import Logging
package import PosternModel

/// Writes each log record as one line, whatever the record holds.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level = .info
    private let label: String
    private let format: LogFormat
    private let sink: any LogSink
    private let clock: @Sendable () -> Timestamp

    /// Makes the handler of one logger.
    ///
    /// - Parameters:
    ///   - label: The logger's name.
    ///   - format: Text or JSON.
    ///   - sink: Where lines go.
    ///   - clock: Reads the wall clock.
    package init(
        label: String,
        format: LogFormat,
        sink: any LogSink = StandardErrorSink.shared,
        clock: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.label = label
        self.format = format
        self.sink = sink
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { _, new in new } }
        if let explicit = event.metadata { metadata.merge(explicit) { _, new in new } }
        if let error = event.error, metadata[LogKey.error.rawValue] == nil {
            metadata[LogKey.error.rawValue] = "\(error)"
        }
        let line = LogLine(
            time: self.clock(),
            level: event.level,
            label: self.label,
            message: event.message.description,
            metadata: metadata
        )
        self.sink.write(line.bytes(self.format))
    }
}
