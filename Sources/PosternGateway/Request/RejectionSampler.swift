package import PosternModel
package import PosternStore

/// Keeps a few of each endpoint's refused requests, for the tenant to see; the others are counted only.
///
/// Belongs to its event loop. Bounded: a flood leaves a handful a minute for each endpoint and reason.
package struct RejectionSampler {
    private struct Key: Hashable {
        let endpoint: EndpointID
        let rejection: Rejection
    }

    private var samples: [RejectionSample] = []
    private var taken: [Key: Int] = [:]
    private var minute: Int64 = 0

    /// Samples of one endpoint and reason in a minute.
    package static let perMinute = 5
    /// Samples that wait for the next flush.
    package static let waiting = 256
    /// Endpoints and reasons told apart within a minute.
    private static let keys = 10_000

    /// Makes an empty sampler.
    package init() {}

    /// Whether the next refusal of an endpoint is kept; counts it if so.
    package mutating func wants(_ rejection: Rejection, of endpoint: EndpointID, at time: Timestamp) -> Bool {
        let minute = time.microseconds / 60_000_000
        if minute != self.minute {
            self.minute = minute
            self.taken.removeAll(keepingCapacity: true)
        }
        guard self.samples.count < Self.waiting else { return false }
        let key = Key(endpoint: endpoint, rejection: rejection)
        guard let taken = self.taken[key] else {
            guard self.taken.count < Self.keys else { return false }
            self.taken[key] = 1
            return true
        }
        guard taken < Self.perMinute else { return false }
        self.taken[key] = taken + 1
        return true
    }

    /// Keeps a sample until the next flush.
    package mutating func keep(_ sample: RejectionSample) { self.samples.append(sample) }

    /// Hands over what was kept.
    package mutating func drain() -> [RejectionSample] {
        let drained = self.samples
        self.samples.removeAll(keepingCapacity: true)
        return drained
    }
}
