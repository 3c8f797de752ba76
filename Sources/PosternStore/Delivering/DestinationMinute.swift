package import PosternModel

/// How often one thing came of the attempts at one destination in one minute.
package struct DestinationMinute: Sendable, Equatable {
    /// The upper bounds of all but the last of ``latencies``, in milliseconds.
    package static let boundsMilliseconds: [Int64] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

    /// The start of the minute.
    package let minute: Timestamp
    package let destination: DestinationID
    package let organization: OrganizationID
    /// `delivered`, or the code of the failure.
    package let outcome: String
    package let count: Int64
    /// How many of ``count`` were not the first attempt.
    package let retries: Int64
    /// How many took up to each of ``boundsMilliseconds``, and how many took longer.
    package let latencies: [Int64]

    /// The place in ``latencies`` of an attempt that took so long.
    package static func bucket(of duration: Duration) -> Int {
        Self.boundsMilliseconds.firstIndex { duration <= .milliseconds($0) } ?? Self.boundsMilliseconds.count
    }
}
