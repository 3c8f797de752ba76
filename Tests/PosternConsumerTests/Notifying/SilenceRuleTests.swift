import PosternConsumer
import PosternModel
import PosternStore
import Testing

@Suite struct SilenceRuleTests {
    private static let last = Timestamp(seconds: 1_795_219_200)

    private static func rhythm(
        minutes: Int64 = 100,
        days: Int64 = 6,
        gapMinutes: Int64
    ) -> EndpointRhythm {
        EndpointRhythm(
            organization: OrganizationID(UniqueID(high: 1, low: 1)),
            endpoint: EndpointID(UniqueID(high: 2, low: 2)),
            name: "orders",
            platform: "stripe",
            first: Self.last.advanced(by: .seconds(-86_400 * days)),
            last: Self.last,
            minutes: minutes,
            longestGap: .seconds(60 * gapMinutes)
        )
    }

    @Test(arguments: [(1, 60), (20, 60), (21, 63), (720, 2160), (721, 2161), (3720, 5160)])
    func `an endpoint may be silent for three of its longest gaps, an hour at least, a day more at most`(
        gap: Int64,
        bound: Int64
    ) {
        #expect(SilenceRule().bound(for: Self.rhythm(gapMinutes: gap)) == .seconds(60 * bound))
    }

    @Test(arguments: [(19, 6), (100, 1), (0, 0)])
    func `an endpoint with too short a history has no rhythm`(minutes: Int64, days: Int64) {
        let rhythm = Self.rhythm(minutes: minutes, days: days, gapMinutes: 5)
        #expect(SilenceRule().bound(for: rhythm) == nil)
        #expect(SilenceRule().notification(of: rhythm, at: Self.last.advanced(by: .seconds(86_400 * 30))) == nil)
    }

    @Test func `a silence is told past its bound, for the hour it began in`() throws {
        let rhythm = Self.rhythm(gapMinutes: 100)
        let rule = SilenceRule()
        let end = Self.last.advanced(by: .seconds(300 * 60))
        #expect(rule.notification(of: rhythm, at: end) == nil)
        let told = try #require(rule.notification(of: rhythm, at: end.advanced(by: .microseconds(1))))
        #expect(told.kind == .endpointSilent && told.hour == Self.last)
        #expect(told.subject == rhythm.endpoint.description)
        #expect(told.message.contains("orders") && told.message.contains("100 minutes"))
        let later = try #require(rule.notification(of: rhythm, at: end.advanced(by: .seconds(86_400))))
        #expect(later.hour == told.hour, "one silence is told once")
    }
}
