import PosternModel
import PosternStore
import Testing

@Suite struct ConsumerTallyTests {
    private func subject(_ lane: Int32, _ outcome: TrafficOutcome) throws -> ConsumerTally.Subject {
        ConsumerTally.Subject(
            lane: Lane(lane),
            organization: OrganizationID(UniqueID(high: 1, low: 1)),
            endpoint: EndpointID(UniqueID(high: 2, low: 2)),
            platform: try #require(PlatformName("x")),
            outcome: outcome
        )
    }

    @Test func `adds up`() throws {
        var tally = ConsumerTally()
        #expect(tally.isEmpty)
        tally.add(0, to: try self.subject(1, .event))
        #expect(tally.isEmpty)
        tally.add(to: try self.subject(1, .event))
        tally.add(2, to: try self.subject(2, .event))
        tally.add(5, to: try self.subject(2, .duplicate))
        #expect(tally.total(.event) == 3 && tally.total(.duplicate) == 5 && tally.total(.normalized) == 0)
    }

    @Test func `adds another tally`() throws {
        var first = ConsumerTally()
        first.add(1, to: try self.subject(1, .event))
        var second = ConsumerTally()
        second.add(first)
        second.add(first)
        second.add(3, to: try self.subject(2, .event))
        #expect(second.counts == [try self.subject(1, .event): 2, try self.subject(2, .event): 3])
    }

    @Test func `becomes rows of the minute`() throws {
        var tally = ConsumerTally()
        tally.add(4, to: try self.subject(1, .recovered))
        let rows = tally.rows(at: Timestamp(seconds: 119))
        #expect(rows.map(\.minute) == [Timestamp(seconds: 60)])
        #expect(rows.map(\.count) == [4])
        #expect(rows.map(\.outcome) == [.recovered])
    }
}
