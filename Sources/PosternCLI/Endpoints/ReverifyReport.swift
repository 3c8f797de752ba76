internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// What `postern endpoint reverify` says.
struct ReverifyReport {
    private let endpoint: EndpointRecord
    private let plan: ReverificationPlan
    private let asJSON: Bool

    /// Reports on an endpoint.
    init(_ endpoint: EndpointRecord, _ plan: ReverificationPlan, asJSON: Bool) {
        self.endpoint = endpoint
        self.plan = plan
        self.asJSON = asJSON
    }

    /// Prints what was found (`isDone: false`) or what was done.
    func show(_ tally: ReverificationTally, isDone: Bool) {
        if self.asJSON { self.printJSON(tally, isDone: isDone) } else { self.printText(tally, isDone: isDone) }
    }

    private func printText(_ tally: ReverificationTally, isDone: Bool) {
        print(
            "endpoint \(self.endpoint.name) (\(self.endpoint.platform)): \(tally.count) requests \(isDone ? "checked" : "in quarantine")"
        )
        for (secret, count) in Self.sorted(tally.valid) {
            let proof = secret.map { id in "proven by the secret \(id)" } ?? "proven without a secret"
            print("  \(isDone ? "let in" : "valid")  \("\(count)".padded(8))\(proof)")
        }
        for (failure, count) in tally.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            print("  \(isDone ? "kept  " : "refused") \("\(count)".padded(7)) \(failure.rawValue)")
        }
        if tally.handshakes > 0 { print("  \(tally.handshakes) are handshakes: there is nothing to deliver") }
        if tally.unreadable > 0 { print("  \(tally.unreadable) cannot be opened: sealed with another key?") }
        if !isDone, let received = self.plan.received {
            print("  received from \(received.lowerBound) to \(received.upperBound)")
        }
        if !isDone { print("nothing was changed") }
    }

    private func printJSON(_ tally: ReverificationTally, isDone: Bool) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("endpoint", string: self.endpoint.id.description)
        writer.member("dry_run", boolean: !isDone)
        writer.member("checked", integer: tally.count)
        writer.member("valid", integer: tally.validCount)
        writer.member("admitted", integer: isDone ? tally.validCount : 0)
        writer.name("by_secret")
        writer.beginArray()
        for (secret, count) in Self.sorted(tally.valid) {
            writer.beginObject()
            writer.member("secret", string: secret?.description)
            writer.member("count", integer: count)
            writer.endObject()
        }
        writer.endArray()
        writer.name("refused")
        writer.beginObject()
        for (failure, count) in tally.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.member(failure.rawValue, integer: count)
        }
        writer.endObject()
        writer.member("handshakes", integer: tally.handshakes)
        writer.member("unreadable", integer: tally.unreadable)
        writer.member("received_from", string: self.plan.received?.lowerBound.description)
        writer.member("received_to", string: self.plan.received?.upperBound.description)
        writer.endObject()
        print(writer.text)
    }

    /// The newest secret first.
    private static func sorted(_ valid: [SecretID?: Int]) -> [(SecretID?, Int)] {
        valid.map { secret, count in (secret, count) }.sorted { left, right in
            guard let newer = left.0 else { return false }
            return right.0.map { $0 < newer } ?? true
        }
    }
}
