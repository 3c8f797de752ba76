package import PosternModel
package import PosternStore

/// The endpoints one worker has met lately.
///
/// A value without clock or I/O. An entry is used for a few seconds, then asked for again, so that a change of settings
/// reaches the next deliveries soon.
package struct EndpointCache: Sendable {
    private struct Entry {
        let endpoint: RoutedEndpoint?
        let loaded: ContinuousClock.Instant
    }

    /// How long an entry is used.
    package let lifetime: Duration
    /// How many entries are kept.
    package let capacity: Int
    private var entries: [EndpointID: Entry] = [:]

    /// Starts empty.
    package init(lifetime: Duration, capacity: Int = 10_000) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    /// The endpoints that must be asked for before these deliveries can be processed, each once.
    package func missing(
        for contents: some Sequence<DeliveryContent>,
        at now: ContinuousClock.Instant
    ) -> [EndpointID] {
        var missing: [EndpointID] = []
        var seen: Set<EndpointID> = []
        var last: EndpointID?
        // Neighbors mostly come from one endpoint.
        for content in contents where content.endpoint != last {
            last = content.endpoint
            guard seen.insert(content.endpoint).inserted else { continue }
            if let entry = self.entries[content.endpoint], now < entry.loaded.advanced(by: self.lifetime) { continue }
            missing.append(content.endpoint)
        }
        return missing
    }

    /// Takes in what the database knows of the endpoints asked for; the others are remembered as unknown.
    package mutating func learn(
        _ records: [EndpointRecord],
        of asked: [EndpointID],
        at now: ContinuousClock.Instant
    ) {
        if self.entries.count + asked.count > self.capacity { self.entries.removeAll() }
        for id in asked { self.entries[id] = Entry(endpoint: nil, loaded: now) }
        for record in records { self.entries[record.id] = Entry(endpoint: RoutedEndpoint(record), loaded: now) }
    }

    /// The endpoint of a delivery.
    package func endpoint(of content: DeliveryContent) -> RoutedEndpoint {
        self.entries[content.endpoint]?.endpoint ?? RoutedEndpoint(unknown: content)
    }
}
