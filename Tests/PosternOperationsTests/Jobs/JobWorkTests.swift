import PosternModel
import PosternOperations
import PosternStore
import Testing

@Suite struct JobWorkTests {
    private static let id = UniqueID(high: 0x0198_C0DE_0000_7000, low: 0x8000_0000_0000_0001)
    private static let time = Timestamp(microseconds: 1_795_219_200_123_456)

    private static let full = DeadLetterFilter(
        states: [.open, .acknowledged],
        organization: OrganizationID(id),
        platform: "stripe",
        typeGlob: #"order.*"\"#,
        reason: "http_5xx",
        destination: DestinationID(id),
        endpoint: EndpointID(id),
        fingerprint: id,
        since: time,
        until: time
    )

    static let works: [JobWork] = [
        .replayDeadLetters(DeadLetterFilter(states: [.open])),
        .replayDeadLetters(full),
        .replayDeadLetters(full, to: DestinationID(id)),
        .acknowledgeDeadLetters(full, note: nil),
        .reopenDeadLetters(DeadLetterFilter(states: [.discarded, .resolved]), note: "again"),
        .discardDeadLetters(full, reason: "too old: \"really\"\n"),
        .replayEvents(EventReplayFilter(organization: OrganizationID(id), destination: DestinationID(id))),
        .replayEvents(
            EventReplayFilter(
                organization: OrganizationID(id),
                destination: DestinationID(id),
                endpoint: EndpointID(id),
                platform: "stripe",
                typeGlob: "*",
                account: "ünï",
                since: time,
                until: time
            )
        ),
    ]

    private static func job(_ type: String, _ plan: String) -> JobRecord {
        JobRecord(
            id: JobID(Self.id),
            organization: nil,
            type: type,
            who: "w",
            status: .running,
            percentage: 0,
            message: nil,
            counts: [:],
            error: nil,
            plan: Array(plan.utf8),
            total: 1,
            done: 0,
            perSecond: nil,
            position: nil,
            bound: nil,
            owner: nil,
            fence: 1,
            leasedUntil: nil,
            cancelRequestedAt: nil,
            createdAt: Self.time,
            startedAt: nil,
            finishedAt: nil
        )
    }

    @Test(arguments: works)
    func `reads the plan it wrote`(work: JobWork) throws {
        let plan = String(decoding: work.plan, as: UTF8.self)
        #expect(try JobWork(Self.job(work.kind.rawValue, plan)) == work)
    }

    @Test(
        arguments: [
            ("replay-dead-letters", "[]", .malformed),
            ("replay-dead-letters", "{", .malformed),
            ("replay-dead-letters", "{}", .missing("states")),
            ("replay-dead-letters", #"{"states": []}"#, .invalid("states")),
            ("replay-dead-letters", #"{"states": ["lost"]}"#, .invalid("states")),
            ("replay-dead-letters", #"{"states": ["open"], "organization": "acme"}"#, .invalid("organization")),
            ("replay-dead-letters", #"{"states": ["open"], "since": 5}"#, .invalid("since")),
            ("replay-dead-letters", #"{"states": ["open"], "platform": null}"#, .invalid("platform")),
            ("discard-dead-letters", #"{"states": ["open"]}"#, .missing("note")),
            ("replay-events", "{}", .missing("organization")),
            ("mystery", "{}", .unknownType("mystery")),
        ] as [(String, String, JobWorkError)]
    )
    func `refuses a plan it would not carry out exactly`(type: String, plan: String, error: JobWorkError) {
        #expect(throws: error) { _ = try JobWork(Self.job(type, plan)) }
    }
}
