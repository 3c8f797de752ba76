/// A set of addresses, given as networks.
///
/// Sorted and without overlaps, so that looking up an address is O(log n) whatever the list was.
package struct NetworkSet: Equatable, Sendable {
    private let ipv4: [ClosedRange<UInt128>]
    private let ipv6: [ClosedRange<UInt128>]
    private let includesLocal: Bool

    /// Whether no address is in the set.
    package let isEmpty: Bool

    /// Joins networks; none make the empty set.
    package init(_ prefixes: [NetworkPrefix] = []) {
        self.ipv4 = Self.ranges(prefixes, of: .ipv4)
        self.ipv6 = Self.ranges(prefixes, of: .ipv6)
        self.includesLocal = prefixes.contains { $0.family == .local }
        self.isEmpty = prefixes.isEmpty
    }

    /// Whether an address is in one of the networks.
    package func contains(_ address: PeerAddress) -> Bool {
        guard !self.isEmpty else { return false }
        return switch address.family {
        case .ipv4: Self.contains(address.number, in: self.ipv4)
        case .ipv6: Self.contains(address.number, in: self.ipv6)
        case .local: self.includesLocal
        }
    }

    private static func ranges(
        _ prefixes: [NetworkPrefix],
        of family: PeerAddress.Family
    ) -> [ClosedRange<UInt128>] {
        var ranges: [ClosedRange<UInt128>] = []
        // Two networks are apart or one holds the other; of those that begin alike the widest comes first.
        let sorted = prefixes.filter { $0.family == family }.sorted {
            ($0.first, $1.last) < ($1.first, $0.last)
        }
        for prefix in sorted where ranges.last.map({ $0.upperBound < prefix.first }) ?? true {
            ranges.append(prefix.first...prefix.last)
        }
        return ranges
    }

    private static func contains(_ number: UInt128, in ranges: [ClosedRange<UInt128>]) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = low + (high - low) / 2
            if ranges[middle].contains(number) { return true }
            if number < ranges[middle].lowerBound { high = middle } else { low = middle + 1 }
        }
        return false
    }
}
