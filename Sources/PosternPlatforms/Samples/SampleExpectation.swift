internal import PosternJSON
package import PosternModel

/// What must come of a sample: its `.expected.json` file.
package struct SampleExpectation: Sendable {
    /// The verdict on a request.
    package enum Verdict: Equatable, Sendable, CustomStringConvertible {
        case accepted
        case refused(VerificationFailure)

        package var description: String {
            switch self {
            case .accepted: "accepted"
            case .refused(let failure): failure.rawValue
            }
        }
    }

    /// The scheme the endpoint names; the default when `nil`.
    package let scheme: String?
    /// The active secrets of each kind, in order.
    package let secrets: [(kind: String, texts: [String])]
    /// The settings of the endpoint.
    package let parameters: [String: String]
    /// The full public URL of the request.
    package let url: String
    /// The time of arrival; `nil` where nothing depends on it.
    package let now: Timestamp?
    /// The verdict; `nil` where there is no signature to judge.
    package let verdict: Verdict?
    /// The answer of a handshake.
    package let answer: SampleAnswer?
    /// All events in order; `nil` where they are not looked at.
    package let events: [SampleEvent]?
    /// The code of the reason why the body can never be read.
    package let unreadable: String?

    /// Reads a file.
    ///
    /// - Throws: ``SampleError/malformedExpectation(reason:)``; unknown members are refused.
    package init(_ file: [UInt8]) throws(SampleError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes: file)
        } catch {
            throw .malformedExpectation(reason: "\(error)")
        }
        var fields = try SampleFields(document.root, of: "an expectation")
        self.scheme = try fields.text("scheme")
        self.secrets = try fields.texts("secrets", lists: true).map { ($0.name, $0.texts) }
        var parameters: [String: String] = [:]
        for (name, texts) in try fields.texts("parameters", lists: false) { parameters[name] = texts[0] }
        self.parameters = parameters
        self.url = try fields.requireText("url")
        self.now = try fields.integer("now").map { Timestamp(microseconds: $0 * 1_000_000) }
        self.verdict = try fields.text("verdict").map(Self.verdict)
        self.answer = try fields.take("answer").map(SampleAnswer.init)
        self.events = try fields.take("events").map(Self.events)
        self.unreadable = try fields.text("unreadable")
        try fields.finish()
        guard self.verdict != nil || self.answer != nil else {
            throw .malformedExpectation(reason: "it says neither \"verdict\" nor \"answer\"")
        }
    }

    private static func verdict(_ text: String) throws(SampleError) -> Verdict {
        if text == "accepted" { return .accepted }
        guard let failure = VerificationFailure(rawValue: text) else {
            let known = VerificationFailure.allCases.map(\.rawValue).joined(separator: ", ")
            throw .malformedExpectation(reason: "\"\(text)\" is not one of: accepted, \(known)")
        }
        return .refused(failure)
    }

    private static func events(_ value: JSONValue) throws(SampleError) -> [SampleEvent] {
        guard value.kind == .array else { throw .malformedExpectation(reason: "\"events\" is not a list") }
        var events: [SampleEvent] = []
        for element in value.elements { events.append(try SampleEvent(element)) }
        return events
    }
}
