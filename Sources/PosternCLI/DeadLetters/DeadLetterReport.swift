internal import PosternCrypto
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// What `postern deadletter show` says.
struct DeadLetterReport {
    /// Headers whose values are not shown, whatever was stored: those that carry credentials by their definition.
    private static let hiddenHeaders: Set<String> = ["authorization", "cookie", "proxy-authorization"]

    private let letter: DeadLetterRecord
    private let history: [ReviewEntry]
    private let names: ReviewNames

    /// Reports on a letter.
    init(_ letter: DeadLetterRecord, _ history: [ReviewEntry], _ names: ReviewNames) {
        self.letter = letter
        self.history = history
        self.names = names
    }

    /// Prints it.
    func show(asJSON: Bool) { if asJSON { self.printJSON() } else { self.printText() } }

    private var headers: [String] {
        self.letter.headers.split(separator: UInt8(ascii: "\n")).map { line in
            let text = String(decoding: line, as: UTF8.self)
            let name = text.prefix { $0 != ":" }.lowercased()
            return Self.hiddenHeaders.contains(name) ? "\(name): [secret]" : text
        }
    }

    private func printText() {
        let listing = self.letter.listing
        func say(_ name: String, _ value: String?) {
            if let value { print("\(name.padded(14))\(PrintableText.escape(value))") }
        }
        say("id", "\(listing.id)")
        say("state", listing.standing)
        say("note", self.letter.note)
        say("reviewed", self.letter.reviewedBy.map { "\($0) \(self.letter.reviewedAt.map { "\($0)" } ?? "")" })
        say("organization", "\(self.names.text(listing.organization)) (\(listing.organization))")
        say("platform", listing.platform)
        say("type", listing.type)
        say("event", listing.event.map { "\($0)" })
        say("destination", listing.destination.map { "\(self.names.text($0)) (\($0))" })
        say("delivery", "\(listing.delivery)")
        say("endpoint", "\(listing.endpoint)")
        say("reason", "\(listing.reason): \(listing.detail)")
        say("attempts", "\(listing.attempts)")
        say("made", "\(listing.createdAt)")
        say("failed last", "\(listing.failedAt)")
        say("definition", self.letter.definitionVersion.map { "version \($0)" })
        say("fingerprint", "\(listing.fingerprint)")
        say("replay", listing.replay.map { "under way, retry \($0)" })
        say("replayed", self.letter.replayedAt.map { "\($0)" })
        say("gave", self.letter.replayedEvents.map { "\($0) new, \(self.letter.replayedDuplicates ?? 0) known" })
        say("job", self.letter.job.map { "\($0)" })
        say("last answer", self.letter.answerStatus.map { "\($0)" })
        say("", self.letter.answer)
        self.printTimelines()
        if !self.letter.headers.isEmpty {
            print("\nheaders")
            for line in self.headers { print("  \(PrintableText.escape(line))") }
        }
        print("\npayload (\(listing.payloadBytes) bytes)")
        print(Self.text(self.letter.payload).map(Self.printable) ?? Base64.encode(self.letter.payload))
        if let edited = self.letter.editedPayload {
            print("\nedited payload of the newest replay (\(edited.count) bytes)")
            print(Self.text(edited).map(Self.printable) ?? Base64.encode(edited))
        }
    }

    private func printTimelines() {
        if !self.letter.attempts.isEmpty { print("\nattempts") }
        for attempt in self.letter.attempts {
            let status = attempt.status.map { " \($0)" } ?? ""
            let text = attempt.error ?? attempt.answer ?? ""
            print(
                "  \(attempt.startedAt)  \(attempt.number)  \(attempt.outcome)\(status)  \(attempt.duration.milliseconds) ms  \(PrintableText.escape(text))"
            )
        }
        if !self.history.isEmpty { print("\nhistory") }
        for entry in self.history {
            print(
                "  \(entry.at)  \(entry.act)  \(PrintableText.escape(entry.who)) (\(PrintableText.escape(entry.origin)))  \(PrintableText.escape(entry.after ?? ""))"
            )
        }
    }

    private func printJSON() {
        var writer = JSONWriter()
        writer.beginObject()
        self.letter.listing.write(self.names, into: &writer)
        writer.member("note", string: self.letter.note)
        writer.member("reviewed_by", string: self.letter.reviewedBy)
        writer.member("reviewed_at", string: self.letter.reviewedAt?.description)
        writer.member("definition_version", integer: self.letter.definitionVersion.map(Int64.init))
        writer.member("replayed_at", string: self.letter.replayedAt?.description)
        writer.member("replayed_events", integer: self.letter.replayedEvents.map(Int64.init))
        writer.member("replayed_duplicates", integer: self.letter.replayedDuplicates.map(Int64.init))
        writer.member("job", string: self.letter.job?.description)
        writer.member("answer_status", integer: self.letter.answerStatus.map(Int64.init))
        writer.member("answer", string: self.letter.answer)
        if let attributes = self.letter.attributes { writer.member("attributes", raw: attributes) }
        writer.name("headers")
        writer.beginArray()
        for line in self.headers { writer.string(line) }
        writer.endArray()
        Self.write("payload", self.letter.payload, into: &writer)
        if let edited = self.letter.editedPayload { Self.write("edited_payload", edited, into: &writer) }
        writer.name("attempts_made")
        writer.beginArray()
        for attempt in self.letter.attempts {
            writer.beginObject()
            writer.member("started_at", string: attempt.startedAt.description)
            writer.member("number", integer: Int64(attempt.number))
            writer.member("duration_ms", integer: attempt.duration.milliseconds)
            writer.member("outcome", string: attempt.outcome)
            writer.member("status", integer: attempt.status.map(Int64.init))
            writer.member("answer", string: attempt.answer)
            writer.member("error", string: attempt.error)
            writer.endObject()
        }
        writer.endArray()
        writer.name("history")
        writer.beginArray()
        for entry in self.history {
            writer.beginObject()
            writer.member("at", string: entry.at.description)
            writer.member("who", string: entry.who)
            writer.member("origin", string: entry.origin)
            writer.member("act", string: entry.act)
            if let before = entry.before { writer.member("before", raw: before.utf8) }
            if let after = entry.after { writer.member("after", raw: after.utf8) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        print(writer.text)
    }

    /// Text as text, and everything else in Base64.
    private static func write(_ name: String, _ bytes: [UInt8], into writer: inout JSONWriter) {
        if let text = Self.text(bytes) {
            writer.member(name, string: text[...])
        } else {
            writer.member("\(name)_base64", string: Base64.encode(bytes)[...])
        }
    }

    /// Text with its line ends and without any other control character.
    private static func printable(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .map { PrintableText.escape(String($0)) }.joined(separator: "\n")
    }

    private static func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 {
        self.components.seconds * 1000 + self.components.attoseconds / 1_000_000_000_000_000
    }
}
