package import PosternModel

/// The retries that are due, as one look has read them.
package struct RetryPage: Sendable {
    /// In the order of the lanes, in each the longest waiting first.
    package let retries: [DueRetry]
    /// The number of the last event of each lane that had rows, as of the same snapshot.
    package let eventNumbers: [Lane: Int64]
}
