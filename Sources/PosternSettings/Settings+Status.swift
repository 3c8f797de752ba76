package import PosternStatus

extension Settings {
    /// Where a process (`gateway`, `consumer`) answers questions about itself.
    ///
    /// - Throws: ``SettingsError/badValue(key:reason:)``.
    package func status(process: String, defaultPort: Int) throws(SettingsError) -> StatusConfiguration {
        var status = StatusConfiguration(
            port: try self.integer("\(process).status.port", in: 0...65_535, default: defaultPort)
        )
        if let host = self.text("\(process).status.host") { status.host = host }
        return status
    }
}
