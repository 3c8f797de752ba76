package import Logging

extension Logger {
    /// Reads or sets what every further record of this logger carries.
    package subscript(key: LogKey) -> Logger.MetadataValue? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }

    /// Makes a logger that carries more.
    package func with(_ pairs: KeyValuePairs<LogKey, Logger.MetadataValue>) -> Logger {
        var logger = self
        for (key, value) in pairs { logger[key] = value }
        return logger
    }
}

extension Logger.Metadata {
    /// Makes metadata of known keys: `logger.notice("writer ready", metadata: .keys([.writer: "\(number)"]))`.
    ///
    /// Of equal keys the last one counts.
    package static func keys(_ pairs: KeyValuePairs<LogKey, Logger.MetadataValue>) -> Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        metadata.reserveCapacity(pairs.count)
        for (key, value) in pairs { metadata[key.rawValue] = value }
        return metadata
    }
}
