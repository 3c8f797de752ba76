internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// A destination for a person or a script: everything but secrets.
struct DestinationReport {
    private let listing: DestinationListing

    /// Wraps a destination.
    init(_ listing: DestinationListing) { self.listing = listing }

    private var destination: DestinationRecord { self.listing.destination }

    /// Where it sends to: the URL or the channel.
    var target: String { self.destination.url ?? self.destination.channel.map { "channel \($0)" } ?? "-" }

    /// The state and why, the circuit where it is not closed.
    var state: String {
        let destination = self.destination
        var text = destination.state.rawValue
        if let reason = destination.stateReason { text += " (\(PrintableText.escape(reason)))" }
        return text
    }

    /// The circuit: `open since …, next probe at …: http_5xx`.
    var circuit: String {
        let circuit = self.destination.circuit
        guard circuit.state != .closed else { return "closed" }
        var text = circuit.state.rawValue
        if let changed = circuit.changedAt { text += " since \(changed)" }
        if circuit.state == .open, let until = circuit.until { text += ", next probe at \(until)" }
        if let reason = circuit.reason { text += ": \(PrintableText.escape(reason))" }
        return text
    }

    /// Prints it for a person.
    func printText() {
        let destination = self.destination
        print("destination \(PrintableText.escape(destination.name)) (\(destination.id))")
        print("  organization  \(destination.organizationName)")
        let form = destination.kind == .postgresNotify ? "" : ", \(destination.form.rawValue)"
        print("  kind          \(destination.kind.rawValue)\(form)")
        print("  target        \(self.target)\(destination.allowsPrivate ? "   (may be private)" : "")")
        print("  state         \(self.state)")
        if destination.kind != .alert { print("  circuit       \(self.circuit)") }
        self.printPace()
        if destination.kind != .postgresNotify {
            print("  secrets       \(self.listing.activeSigningSecrets) sign; headers: \(self.headers)")
        }
        if destination.kind == .alert { return }
        if destination.subscriptions.isEmpty { print("  subscribes    to everything") }
        for subscription in destination.subscriptions {
            let filters = subscription.filters.map(FilterText.text).joined(separator: " and ")
            let suffix = filters.isEmpty ? "" : " where \(filters)"
            print("  subscribes    \(subscription.id)  \(PrintableText.escape(subscription.typeGlob))\(suffix)")
        }
    }

    /// Prints how fast it is sent to, as far as that means something for its kind.
    private func printPace() {
        let destination = self.destination
        let rate = destination.ratePerSecond.map { "\($0) a second" } ?? "unlimited"
        if destination.kind != .postgresNotify {
            print("  timeout       \(Self.milliseconds(destination.timeout)) ms")
        }
        switch destination.kind {
        case .http:
            print("  concurrency   \(destination.concurrency), rate \(rate)\(destination.isOrdered ? ", ordered" : "")")
            let delays = destination.retryDelays.map { "\($0.components.seconds)" }.joined(separator: ", ")
            print("  retries       \(delays.isEmpty ? "none" : "after \(delays) s")")
        case .postgresNotify: print("  rate          \(rate)")
        case .alert: break
        }
    }

    private var headers: String {
        self.listing.headerNames.isEmpty ? "none" : self.listing.headerNames.joined(separator: ", ")
    }

    /// Writes its members into an open object.
    func write(to writer: inout JSONWriter) {
        let destination = self.destination
        writer.member("id", string: destination.id.description)
        writer.member("organization", string: destination.organizationName)
        writer.member("organization_id", string: destination.organization.description)
        writer.member("name", string: destination.name)
        writer.member("kind", string: destination.kind.rawValue)
        writer.member("form", string: destination.form.rawValue)
        writer.member("url", string: destination.url)
        writer.member("channel", string: destination.channel)
        writer.member("state", string: destination.state.rawValue)
        writer.member("state_reason", string: destination.stateReason)
        self.writeCircuit(to: &writer)
        writer.member("timeout_ms", integer: Self.milliseconds(destination.timeout))
        writer.member("concurrency", integer: destination.concurrency)
        writer.member("rate_per_second", integer: destination.ratePerSecond.map(Int64.init))
        writer.name("retry_delays")
        writer.beginArray()
        for delay in destination.retryDelays { writer.integer(delay.components.seconds) }
        writer.endArray()
        writer.member("ordered", boolean: destination.isOrdered)
        writer.member("allows_private", boolean: destination.allowsPrivate)
        writer.member("active_signing_secrets", integer: self.listing.activeSigningSecrets)
        writer.name("headers")
        writer.beginArray()
        for name in self.listing.headerNames { writer.string(name) }
        writer.endArray()
        self.writeSubscriptions(to: &writer)
        writer.member("created_at", string: destination.createdAt.description)
        writer.member("updated_at", string: destination.updatedAt.description)
    }

    private func writeCircuit(to writer: inout JSONWriter) {
        let circuit = self.destination.circuit
        writer.name("circuit")
        writer.beginObject()
        writer.member("state", string: circuit.state.rawValue)
        writer.member("reason", string: circuit.reason)
        writer.member("changed_at", string: circuit.changedAt?.description)
        writer.member("until", string: circuit.until?.description)
        writer.member("openings", integer: circuit.openings)
        writer.endObject()
    }

    private func writeSubscriptions(to writer: inout JSONWriter) {
        writer.name("subscriptions")
        writer.beginArray()
        for subscription in self.destination.subscriptions {
            writer.beginObject()
            writer.member("id", string: subscription.id.description)
            writer.member("type", string: subscription.typeGlob)
            writer.member("filters", raw: SubscriptionFilter.json(subscription.filters))
            writer.endObject()
        }
        writer.endArray()
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
