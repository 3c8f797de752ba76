package import PosternStore

/// Takes alerts to where an organization wants them.
package protocol AlertSender: Sendable {
    /// Posts one alert.
    ///
    /// - Parameters:
    ///   - body: what to post.
    ///   - contentType: its media type.
    ///   - destination: where to; of kind `alert`.
    /// - Returns: `nil` when it was taken, or why not: one line for people.
    func post(_ body: [UInt8], contentType: String, to destination: DestinationRecord) async -> String?
}
