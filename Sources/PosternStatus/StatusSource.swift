/// What a process can tell about itself.
package protocol StatusSource: Sendable {
    /// Looks at every component; bounded in time by the source.
    func health() async -> HealthReport
    /// The figures of `/stats` as a JSON object.
    ///
    /// - Throws: when the database cannot be asked.
    func stats() async throws -> [UInt8]
    /// All instruments in Prometheus text format 0.0.4.
    func metrics() -> [UInt8]
}
