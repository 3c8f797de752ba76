/// Hands the pieces of a signed message to a hash, without joining them first.
struct MessageFeed {
    let plan: MessagePlan
    let facts: RequestFacts
    let parameters: [String: String]
    /// The signed time as it was sent.
    let time: Substring?
    /// The complete body, where pieces of it are needed.
    var body: [UInt8] = []
    /// The body as a document, where values of it are needed.
    var scope: ReferenceScope?
    /// The key being tried, where it is a piece of the message.
    var secret: [UInt8] = []

    /// Hashes the pieces in `positions`; tells whether the request has them all.
    func feed<Sink: MessageSink & ~Copyable>(_ positions: Range<Int>, into sink: inout Sink) -> Bool {
        for position in positions {
            if position > 0 { self.feedSeparator(into: &sink) }
            guard self.feed(self.plan.parts[position], into: &sink) else { return false }
        }
        return true
    }

    /// Hashes all pieces; tells whether the request has them all.
    func feedAll<Sink: MessageSink & ~Copyable>(into sink: inout Sink) -> Bool {
        self.feed(0..<self.plan.parts.count, into: &sink)
    }

    /// Hashes what stands between two pieces.
    func feedSeparator<Sink: MessageSink & ~Copyable>(into sink: inout Sink) {
        let separator = self.plan.separator
        if !separator.isEmpty { sink.update(separator.span) }
    }

    private func feed<Sink: MessageSink & ~Copyable>(_ part: MessagePart, into sink: inout Sink) -> Bool {
        switch part {
        case .body: sink.update(self.body.span)
        case .escapedBody:
            let escaped = ASCIIEscaping.escape(self.body)
            sink.update(escaped.span)
        case .timestamp:
            guard let time = self.time else { return false }
            sink.update(time.utf8.span)
        case .method: sink.update(self.facts.verb.utf8.span)
        case .url:
            sink.update(self.facts.origin.utf8.span)
            sink.update(self.facts.target.utf8.span)
        case .sortedForm: SortedForm.feed(self.body, into: &sink)
        case .secret: sink.update(self.secret.span)
        case .literal(let bytes): sink.update(bytes.span)
        case .header(let slot):
            guard let value = self.facts.header(slot) else { return false }
            sink.update(value.utf8.span)
        case .json(let path, let absentIsEmpty):
            guard let value = self.scope.flatMap({ path.text(in: $0) }) else { return absentIsEmpty }
            sink.update(value.utf8.span)
        case .parameter(let name):
            guard let value = self.parameters[name] else { return false }
            sink.update(value.utf8.span)
        }
        return true
    }
}
