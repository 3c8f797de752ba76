internal import PosternJSON
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// The figures of `/stats` that only a consumer may read: of destinations, of organizations' lag, and of endpoints whose
/// requests are refused.
struct DeliveryStatistics: Sendable {
    private let destinations: [DestinationStanding]
    private let refused: [RefusedEndpoint]
    private let now: Timestamp

    /// Asks for the figures since `start`.
    ///
    /// Blocking: connection threads only.
    init(
        from start: Timestamp,
        to now: Timestamp,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        self.destinations = try DestinationStatistics.load(from: start, &connection, within: within)
        self.refused = try RefusedEndpoints.find(at: now, &connection, within: within)
        self.now = now
    }

    /// Writes the members into the object that is open; `senders` are the platforms' facts by name.
    func write(to writer: inout JSONWriter, _ senders: [PlatformName: SenderPatience]) {
        let recovered = self.destinations.reduce(0) { sum, figures in sum + figures.recovered }
        let exhausted = self.destinations.reduce(0) { sum, figures in sum + figures.exhausted }
        // Of the events that were retried and have come to an end, since their destinations were made.
        Self.write("event_retry_success_rate", Self.ratio(recovered, of: recovered + exhausted), to: &writer)
        writer.name("destinations")
        writer.beginArray()
        for figures in self.destinations { self.write(figures, to: &writer) }
        writer.endArray()
        self.writeOrganizations(to: &writer)
        writer.name("refused_endpoints")
        writer.beginArray()
        for endpoint in self.refused { self.write(endpoint, senders[endpoint.platform], to: &writer) }
        writer.endArray()
    }

    private func write(_ figures: DestinationStanding, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", string: figures.id.description)
        writer.member("name", string: figures.name)
        writer.member("organization", string: figures.organization.description)
        writer.member("organization_name", string: figures.organizationName)
        writer.member("kind", string: figures.kind.rawValue)
        writer.member("state", string: figures.state.rawValue)
        writer.member("circuit", string: figures.circuit.rawValue)
        writer.member("circuit_until", string: figures.circuitUntil?.description)
        writer.member("delivered", integer: figures.delivered)
        writer.name("failed")
        writer.beginObject()
        for (reason, count) in figures.failures.sorted(by: { $0.key < $1.key }) {
            writer.member(reason, integer: count)
        }
        writer.endObject()
        Self.write("success_ratio", figures.successRatio, to: &writer)
        writer.member("retries", integer: figures.retries)
        Self.write(
            "retry_success_rate",
            Self.ratio(figures.recovered, of: figures.recovered + figures.exhausted),
            to: &writer
        )
        writer.name("latency_seconds")
        writer.beginObject()
        for (name, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
            Self.write(name, figures.latency(part).map { $0 / .seconds(1) }, to: &writer)
        }
        writer.endObject()
        Self.write("lag_events", figures.behind, to: &writer)
        Self.write("lag_seconds", self.age(of: figures.oldestBehind), to: &writer)
        Self.write("pending_retries", figures.waiting, to: &writer)
        writer.endObject()
    }

    /// How far each organization is behind: its destination that lags most.
    private func writeOrganizations(to writer: inout JSONWriter) {
        var oldest: [OrganizationID: (name: String, time: Timestamp, events: PipelineStatus.BoundedCount)] = [:]
        for figures in self.destinations {
            guard let time = figures.oldestBehind else { continue }
            let known = oldest[figures.organization]
            let most = known?.events.count ?? 0 > figures.behind.count ? known?.events : nil
            oldest[figures.organization] = (
                figures.organizationName, min(known?.time ?? time, time), most ?? figures.behind
            )
        }
        writer.name("organizations_behind")
        writer.beginArray()
        for (id, lag) in oldest.sorted(by: { ($0.value.time, $0.key) < ($1.value.time, $1.key) }) {
            writer.beginObject()
            writer.member("organization", string: id.description)
            writer.member("name", string: lag.name)
            Self.write("lag_events", lag.events, to: &writer)
            Self.write("lag_seconds", self.age(of: lag.time), to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ endpoint: RefusedEndpoint, _ patience: SenderPatience?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("endpoint", string: endpoint.endpoint.description)
        writer.member("name", string: endpoint.name)
        writer.member("organization", string: endpoint.organization.description)
        writer.member("platform", string: endpoint.platform.text)
        writer.member("refused_last_hour", integer: endpoint.refused)
        writer.member("accepted_last_hour", integer: endpoint.accepted)
        writer.member("refusing_since", string: endpoint.since.description)
        writer.member("last_refused_at", string: endpoint.last.description)
        writer.member("sender_retries", string: patience?.schedule)
        writer.member("sender_retries_for_seconds", integer: patience?.retriesFor.map { $0.components.seconds })
        let left = patience?.retriesFor.map { patience in
            max(0, Double(endpoint.since.advanced(by: patience).microseconds(since: self.now)) / 1_000_000)
        }
        // What was refused first is given up first; `null` where the platform does not say.
        Self.write("sender_gives_up_in_seconds", left, to: &writer)
        writer.endObject()
    }

    private func age(of time: Timestamp?) -> Double {
        guard let time else { return 0 }
        return Double(max(0, self.now.microseconds(since: time))) / 1_000_000
    }

    /// A count, and whether there are more; in the words of `postern destination show --json`.
    private static func write(_ name: String, _ count: PipelineStatus.BoundedCount, to writer: inout JSONWriter) {
        writer.member(name, integer: count.count)
        writer.member("\(name)_is_at_least", boolean: count.isBounded)
    }

    private static func write(_ name: String, _ value: Double?, to writer: inout JSONWriter) {
        writer.name(name)
        if let value { writer.number((value * 10_000).rounded() / 10_000) } else { writer.null() }
    }

    private static func ratio(_ part: Int64, of all: Int64) -> Double? { all > 0 ? Double(part) / Double(all) : nil }
}
