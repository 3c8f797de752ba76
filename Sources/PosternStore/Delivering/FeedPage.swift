package import PosternModel

/// What one look at the events brought.
package struct FeedPage: Sendable {
    /// One list for each request, in the order of the numbers.
    package let events: [[EventRecord]]
    /// For each request, whether there may be more behind what it got.
    ///
    /// Where there is not, everything up to the lane's head was looked at.
    package let isCut: [Bool]
    /// The number of the last event of each lane that is ours, as of the same moment; a lane that is not has none.
    package let heads: [Lane: Int64]
    /// The database's clock at that moment; `nil` when no lane is ours.
    package let time: Timestamp?
}
