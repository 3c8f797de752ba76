import PosternModel
import PosternOperations
import PosternPostgres
import PosternStore
import Testing

@Suite struct DestinationSummaryTests {
    private static let id = DestinationID(UniqueID(high: 1, low: 1))
    private static let organization = OrganizationID(UniqueID(high: 2, low: 2))
    private static let now = Timestamp(seconds: 1_795_219_200)

    /// Figures with so many attempts of each outcome, all of which took 4 ms, every second one a retry.
    private static func figures(_ outcomes: [(outcome: String, count: Int, minute: Int64)]) -> DestinationFigures {
        var tally = DestinationTally()
        for (outcome, count, minute) in outcomes {
            for number in 0..<count {
                tally.add(
                    outcome,
                    destination: Self.id,
                    organization: Self.organization,
                    isRetry: number % 2 == 1,
                    duration: .milliseconds(4),
                    at: Timestamp(seconds: Self.now.seconds + minute * 60)
                )
            }
        }
        var figures = DestinationFigures(destination: Self.id)
        figures.minutes = tally.rows
        return figures
    }

    @Test func `adds up minutes and outcomes, the most frequent failure first`() {
        let figures = Self.figures([
            ("delivered", 60, 0), ("timeout", 5, 0), ("delivered", 20, 1), ("http_5xx", 10, 2), ("timeout", 5, 3),
            ("connect", 11, 3),
        ])
        #expect(figures.minutes.count == 6)
        let summary = DestinationSummary(figures, now: Self.now)
        #expect(summary.attempts == 111 && summary.delivered == 80)
        #expect(summary.retries == 30 + 2 + 10 + 5 + 2 + 5)
        #expect(summary.failures.map(\.reason) == ["connect", "http_5xx", "timeout"])
        #expect(summary.failures.map(\.count) == [11, 10, 10])
        #expect(summary.successRatio == 80.0 / 111.0)
        #expect(summary.latency == LatencyPercentiles([111]))
    }

    @Test func `has no ratio and no latency without attempts`() {
        let summary = DestinationSummary(DestinationFigures(destination: Self.id), now: Self.now)
        #expect(summary.successRatio == nil && summary.latency == nil && summary.lagSeconds == 0)
    }

    @Test func `holds latencies to the destination's timeout`() {
        var figures = Self.figures([("timeout", 4, 0)])
        figures.timeout = .milliseconds(2)
        let summary = DestinationSummary(figures, now: Self.now)
        #expect(summary.latency == LatencyPercentiles([4], timeout: .milliseconds(2)))
        #expect(summary.latency != LatencyPercentiles([4]))
    }

    @Test func `tells the age of the oldest event, and none of one from the future`() {
        var figures = DestinationFigures(destination: Self.id)
        figures.oldestAt = Self.now.advanced(by: .milliseconds(-90_900))
        #expect(DestinationSummary(figures, now: Self.now).lagSeconds == 90)
        figures.oldestAt = Self.now.advanced(by: .seconds(5))
        #expect(DestinationSummary(figures, now: Self.now).lagSeconds == 0)
    }

    @Test func `survives counters that are nonsense`() async throws {
        try await OperationsDatabase.with { database in
            var root = try database.connect(nil)
            let largest = Int64.max
            for (outcome, count) in [("delivered", largest), ("other", largest), ("timeout", -largest)] {
                _ = try root.ask(
                    """
                    INSERT INTO postern.destination_minutes
                    VALUES (date_trunc('minute', now()), '\(Self.id)', '\(Self.organization)', '\(outcome)', \(count),
                        \(count), array_fill(\(count)::bigint, ARRAY[40]))
                    """
                )
            }
            let since = Timestamp.now().advanced(by: .seconds(-900))
            let figures = try DestinationFiguresReader.read(
                [Self.id],
                since: since,
                &root,
                within: OperationsDatabase.deadline
            )
            let summary = DestinationSummary(try #require(figures.first), now: .now())
            #expect(summary.attempts == largest && summary.delivered == largest && summary.retries == largest)
            #expect(summary.failures.map(\.count) == [largest, 0])
            #expect(summary.latency != nil)
        }
    }
}
