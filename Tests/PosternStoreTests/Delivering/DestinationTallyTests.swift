import PosternModel
import PosternStore
import Testing

@Suite struct DestinationTallyTests {
    private let destination = DestinationID(UniqueID(high: 1, low: 1))
    private let organization = OrganizationID(UniqueID(high: 2, low: 2))

    private func add(_ outcome: String, _ seconds: Int64, isRetry: Bool = false, to tally: inout DestinationTally) {
        tally.add(
            outcome,
            destination: self.destination,
            organization: self.organization,
            isRetry: isRetry,
            duration: .milliseconds(3),
            at: Timestamp(seconds: seconds)
        )
    }

    @Test(
        arguments: [
            (0, 0), (5_000, 0), (5_001, 1), (10_000, 1), (25_001, 3), (1_000_000, 7), (1_000_001, 8), (10_000_000, 10),
            (10_000_001, 11), (3_600_000_000, 11),
        ] as [(Int64, Int)]
    )
    func `puts an attempt into the bucket of its time`(microseconds: Int64, bucket: Int) {
        #expect(DestinationMinute.bucket(of: .microseconds(microseconds)) == bucket)
    }

    @Test func `adds up by minute and outcome, in the order of both`() {
        var tally = DestinationTally()
        #expect(tally.isEmpty)
        for seconds in [120, 119, 60, 179] as [Int64] { self.add("timeout", seconds, to: &tally) }
        self.add("delivered", 61, isRetry: true, to: &tally)
        var other = DestinationTally()
        self.add("delivered", 62, to: &other)
        self.add("delivered", 30, to: &other)
        tally.add(other)
        #expect(!tally.isEmpty)
        #expect(
            tally.rows.map { "\($0.minute.seconds) \($0.outcome) \($0.count) \($0.retries) \($0.latencies[0])" } == [
                "0 delivered 1 0 1", "60 delivered 2 1 2", "60 timeout 2 0 2", "120 timeout 2 0 2",
            ]
        )
    }
}
