package import PosternModel

/// What one look at the events brought.
package struct FeedPage: Sendable {
    /// One list for each request, in the order of the numbers.
    package let events: [[EventRecord]]
    /// For each request, whether there may be more behind what it got, before its ``reach``.
    package let isCut: [Bool]
    /// For each request that is not cut, the number up to which everything was looked at: the lane's head, or some
    /// number before it when the lane is far ahead.
    package let reach: [Int64]
    /// The number of the last event of each lane that is ours, as of the same moment; a lane that is not has none.
    package let heads: [Lane: Int64]
    /// The database's clock at that moment; `nil` when no lane is ours.
    package let time: Timestamp?
}
