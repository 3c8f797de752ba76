/// One of the parallel logs that deliveries are spread over; order holds within a lane.
package struct Lane: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 0 up to the number of lanes, exclusive.
    package let number: Int32

    /// Wraps a number read from the store.
    package init(_ number: Int32) { self.number = number }

    /// The lane of an endpoint: the same for every delivery of it, so that their order holds.
    ///
    /// `count`: the number of lanes fixed at migration, at least 1.
    package init(organization: OrganizationID, endpoint: EndpointID, count: Int32) {
        // FNV-1a over the two identifiers: stable across processes and versions, unlike Swift's seeded hash.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for half in [organization.id.high, organization.id.low, endpoint.id.high, endpoint.id.low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                hash = (hash ^ (half >> UInt64(shift) & 0xFF)) &* 0x0000_0100_0000_01B3
            }
        }
        self.number = Int32(truncatingIfNeeded: hash % UInt64(count))
    }

    package var description: String { String(self.number) }

    package static func < (left: Lane, right: Lane) -> Bool { left.number < right.number }
}
