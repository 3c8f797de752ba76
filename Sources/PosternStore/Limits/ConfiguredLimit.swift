/// A limit as it is configured.
package struct ConfiguredLimit: Hashable, Sendable {
    /// What a limit's numbers may be.
    package static let range: ClosedRange<Int32> = 1...100_000_000

    /// Requests a minute; `nil` for no limit.
    package let requestsPerMinute: Int32?
    /// How many may come at once; `nil` for ``requestsPerMinute``.
    package let burst: Int32?
    /// Whether what it would refuse is counted and let through.
    package let isShadow: Bool

    /// Joins the values.
    package init(requestsPerMinute: Int32?, burst: Int32? = nil, isShadow: Bool = false) {
        self.requestsPerMinute = requestsPerMinute
        self.burst = burst
        self.isShadow = isShadow
    }

    /// A limit that refuses nothing.
    package static let unlimited = ConfiguredLimit(requestsPerMinute: nil)
}
