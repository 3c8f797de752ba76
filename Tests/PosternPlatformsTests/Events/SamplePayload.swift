import FoundationEssentials
import PosternCrypto
import PosternJSON
import PosternModel
import PosternPlatforms
import Testing

/// One entry of `Fixtures/sample-payloads.json`: a body and the events it must become.
struct SamplePayload: CustomTestStringConvertible, Sendable {
    let platform: String
    let kind: String
    let contentType: String
    let body: String
    let events: [Event]

    /// One expected event.
    struct Event: Equatable, Sendable {
        let account: String?
        let type: String?
        let key: String?
        /// Whole seconds since 1970.
        let time: Int64?
        /// A finer account than `account`, where the file names one; not compared.
        var subAccount: String?

        /// What the file says of an event, taken from an event.
        init(_ event: NormalizedEvent) {
            self.account = event.account
            self.type = event.type
            self.key = event.key
            self.time = event.time?.seconds
        }

        init(_ value: JSONValue, key: String?) {
            self.account = value.member("account_id")?.text
            self.type = value.member("event_type")?.text
            self.key = key
            self.time = value.member("event_time")?.integer
            self.subAccount = value.member("sub_account")?.text
        }

        static func == (left: Event, right: Event) -> Bool {
            left.account == right.account && left.type == right.type && left.key == right.key
                && left.time == right.time
        }
    }

    var testDescription: String { "\(self.platform) \(self.kind)" }

    /// All samples, in the order of the file.
    static let all: [SamplePayload] = Self.load()

    private static func load() -> [SamplePayload] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/sample-payloads.json")
        guard let data = try? Data(contentsOf: file), let document = try? JSONDocument(bytes: Array(data)) else {
            return []
        }
        return document.root.elements.map(SamplePayload.init)
    }

    private init(_ value: JSONValue) {
        func text(_ name: String) -> String { value.member(name)?.text ?? "" }
        self.platform = text("platform")
        self.kind = text("kind")
        self.contentType = text("content_type")
        let body = text("body")
        self.body = body
        let events = value.member("expected_events").map { Array($0.elements) } ?? []
        self.events = events.map { event in
            Event(event, key: event.member("dedupe")?.text.map { Self.key($0, body: body) })
        }
    }

    /// The key that `sha256(a|b)` describes: the digest of the members `a` and `b` of the body, joined by bars.
    private static func key(_ text: String, body: String) -> String {
        guard text.hasPrefix("sha256("), text.hasSuffix(")") else { return text }
        guard let document = try? JSONDocument(bytes: Array(body.utf8)) else { return "unreadable body" }
        let names = text.dropFirst("sha256(".count).dropLast().split(separator: "|")
        let parts = names.map { document.root.member(String($0))?.scalarText ?? "absent" }
        let message = Array(parts.joined(separator: "|").utf8)
        return (try? HashStream.digest(.sha256, message.span).hexadecimal) ?? "no digest"
    }
}
