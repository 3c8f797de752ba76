import PosternModel
import PosternStore
import Testing

@Suite struct TrafficOutcomeTests {
    private static let words: [(TrafficOutcome, String)] = [
        (.accepted, "accepted"), (.handshake, "handshake"), (.normalized, "normalized"), (.duplicate, "duplicate"),
        (.event, "event"), (.unrecognized, "unrecognized"), (.retried, "retried"), (.recovered, "recovered"),
        (.deadLettered, "dead_lettered"), (.rejected(reason: "stale_timestamp"), "rejected_stale_timestamp"),
        (.rejected(reason: "x"), "rejected_x"),
        (.shadowed(reason: "organization_limited"), "shadowed_organization_limited"),
        (.shadowed(reason: "x"), "shadowed_x"),
    ]

    @Test(arguments: Self.words)
    func `has one word for each outcome, and reads it back`(outcome: TrafficOutcome, text: String) {
        #expect(outcome.text == text)
        #expect(TrafficOutcome(text: text) == outcome)
    }

    @Test(arguments: ["", "rejected", "rejected_", "shadowed", "shadowed_", "Accepted", "future"])
    func `reads no other word`(text: String) {
        #expect(TrafficOutcome(text: text) == nil)
    }

    @Test(arguments: VerificationFailure.allCases)
    func `counts a refusal under its reason`(failure: VerificationFailure) {
        #expect(TrafficOutcome(failure).text == "rejected_\(failure.rawValue)")
    }
}
