import PosternModel
import PosternPostgres
import PosternStore
import Testing

@Suite(.timeLimit(.minutes(5))) struct DestinationCursorsTests {
    private static let lanes = (0..<StoreDatabase.lanes).map { Lane($0) }

    private static func read(_ route: inout Route) throws -> [DestinationCursor] {
        try DestinationCursors.read(
            Self.lanes,
            owner: route.log.me,
            &route.log.consumer,
            within: StoreDatabase.deadline
        )
    }

    @Test func `reads the cursors of the lanes that are ours, in order`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            let other = DestinationID.fresh(at: Timestamp.now().advanced(by: .seconds(1)))
            try route.addDestination(other)
            #expect(try Self.read(&route).isEmpty)
            _ = try route.log.claim(2, 1)
            try route.run("UPDATE postern.destination_cursors SET number = 7 WHERE lane = 2")
            let cursors = try Self.read(&route)
            #expect(cursors.map(\.lane.number) == [1, 1, 2, 2])
            #expect(cursors.map(\.destination) == [route.destination, other, route.destination, other])
            #expect(cursors.map(\.number) == [0, 0, 7, 7])
            #expect(cursors.allSatisfy { $0.organization == route.log.organization })
        }
    }

    @Test func `reads those of destinations that are paused or disabled, and none of deleted ones`() async throws {
        try await StoreDatabase.with { database in
            var route = try Route(database)
            _ = try route.log.claim(1)
            for state in ["paused", "disabled"] {
                try route.run("UPDATE postern.destinations SET state = '\(state)'")
                #expect(try Self.read(&route).count == 1)
            }
            try route.run("UPDATE postern.destinations SET deleted_at = now()")
            #expect(try Self.read(&route).isEmpty)
        }
    }
}
