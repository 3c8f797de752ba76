import PosternGateway
import PosternModel
import Testing

@Suite struct ShareLedgerTests {
    private static let own = UniqueID(high: 1, low: 5)
    private static let subject = UniqueID(high: 9, low: 1)

    private static func gateway(_ number: UInt64) -> UniqueID { UniqueID(high: 1, low: number) }

    private static func entry(
        _ gateway: UInt64,
        _ admitted: Int64,
        debt: Int64 = 0,
        age: Int64 = 0,
        of subject: UniqueID = Self.subject
    ) -> ShareEntry {
        ShareEntry(
            subject: subject,
            gateway: Self.gateway(gateway),
            admitted: admitted,
            debtMicroseconds: debt,
            ageMicroseconds: age
        )
    }

    /// Learns of one subject whose requests cost a millisecond each; gateways 1 to 9 are alive.
    private static func learn(
        _ ledger: inout ShareLedger,
        _ entries: [ShareEntry],
        alive: [UInt64] = Array(1...9),
        epoch: Int64 = 0,
        now: Int64 = 0,
        requestNanoseconds: Int64 = 1_000_000
    ) throws -> ShareLesson {
        let answer = ShareAnswer(entries: entries, gateways: alive.map(Self.gateway), epoch: epoch)
        let lessons = ledger.reconcile([Self.subject], answer, freshness: .seconds(2), now: now) { _ in
            requestNanoseconds
        }
        return try #require(lessons.first)
    }

    @Test func `takes what was admitted before for a start, and its debt for what counts`() throws {
        var ledger = ShareLedger(own: Self.own)
        #expect(!ledger.hasLearned(Self.subject))
        let lesson = try Self.learn(&ledger, [Self.entry(1, 1000, debt: 7000), Self.entry(2, 500, debt: 9000)])
        #expect(lesson.othersAdmitted == 0)
        #expect(lesson.othersDebtNanoseconds == 9_000_000)
        #expect(lesson.sharers == 3)
        #expect(ledger.hasLearned(Self.subject))
    }

    @Test func `charges what each gateway admitted since, once`() throws {
        var ledger = ShareLedger(own: Self.own)
        _ = try Self.learn(&ledger, [Self.entry(1, 10), Self.entry(2, 20)])
        #expect(try Self.learn(&ledger, [Self.entry(1, 13), Self.entry(2, 24)]).othersAdmitted == 7)
        #expect(try Self.learn(&ledger, [Self.entry(1, 13), Self.entry(2, 24)]).othersAdmitted == 0)
        #expect(try Self.learn(&ledger, []).othersAdmitted == 0)
        // Exchanges that failed, or entries that were not told, lose nothing.
        #expect(try Self.learn(&ledger, [Self.entry(2, 30)]).othersAdmitted == 6)
        #expect(try Self.learn(&ledger, [Self.entry(1, 14), Self.entry(2, 30)]).othersAdmitted == 1)
    }

    @Test(
        arguments: [(3, 10_000, 3), (3, 2000, 2), (3, 2001, 3), (3, 1, 1), (3, 0, 0), (0, 5000, 0)]
            as [(Int64, Int64, Int64)]
    )
    func `charges a gateway that begins later all it admitted, but what time has paid for`(
        admitted: Int64,
        debt: Int64,
        charged: Int64
    ) throws {
        var ledger = ShareLedger(own: Self.own)
        _ = try Self.learn(&ledger, [])
        #expect(try Self.learn(&ledger, [Self.entry(1, admitted, debt: debt)]).othersAdmitted == charged)
        #expect(try Self.learn(&ledger, [Self.entry(1, admitted, debt: debt)]).othersAdmitted == 0)
    }

    @Test func `takes a sum that fell for a new beginning`() throws {
        var ledger = ShareLedger(own: Self.own)
        _ = try Self.learn(&ledger, [Self.entry(1, 100)])
        #expect(try Self.learn(&ledger, [Self.entry(1, 4, debt: 3000)]).othersAdmitted == 3)
        #expect(try Self.learn(&ledger, [Self.entry(1, 6)]).othersAdmitted == 2)
    }

    @Test(
        arguments: [(1_999_999, 2), (2_000_000, 2), (2_000_001, 1)] as [(Int64, Int)]
    )
    func `counts who was asked lately`(age: Int64, sharers: Int) throws {
        var ledger = ShareLedger(own: Self.own)
        #expect(try Self.learn(&ledger, [Self.entry(1, 1, age: age)]).sharers == sharers)
    }

    @Test func `shares with the living only, and charges the dead all the same`() throws {
        var ledger = ShareLedger(own: Self.own)
        _ = try Self.learn(&ledger, [Self.entry(1, 1), Self.entry(2, 1)])
        let lesson = try Self.learn(&ledger, [Self.entry(1, 3), Self.entry(2, 4)], alive: [2, 5])
        #expect(lesson.sharers == 2)
        #expect(lesson.othersAdmitted == 5)
        // Itself told of by mistake, a gateway neither shares with nor charges itself.
        let own = try Self.learn(&ledger, [Self.entry(5, 1000), Self.entry(2, 4)])
        #expect(own.sharers == 2)
        #expect(own.othersAdmitted == 0)
    }

    @Test(arguments: [Int64.min, -3, -1, 0, 1, 7, 8, 9, Int64.max])
    func `gives the gateways different places, and others with each exchange`(epoch: Int64) throws {
        let members: [UInt64] = [2, 4, 5, 8]
        func places(_ epoch: Int64) throws -> [Int] {
            try members.map { number in
                var ledger = ShareLedger(own: Self.gateway(number))
                let others = members.filter { $0 != number }.map { Self.entry($0, 1) }
                return try Self.learn(&ledger, others, epoch: epoch).rank
            }
        }
        let now = try places(epoch)
        #expect(now.sorted() == [0, 1, 2, 3])
        if epoch < .max { #expect(try places(epoch + 1) != now) }
    }

    @Test func `is not shaken by numbers no gateway writes`() throws {
        var ledger = ShareLedger(own: Self.own)
        _ = try Self.learn(&ledger, (1...4).map { Self.entry($0, -5, debt: -5, age: -5) })
        let lesson = try Self.learn(&ledger, (1...4).map { Self.entry($0, .max, debt: .max, age: .max) })
        #expect(lesson.othersAdmitted > 0)
        #expect(lesson.othersDebtNanoseconds == .max)
        _ = try Self.learn(&ledger, (1...4).map { Self.entry($0, 1, debt: .max) }, requestNanoseconds: 0)
        ledger.prune(now: .min) { _ in true }
        ledger.prune(now: .max) { _ in true }
    }

    @Test func `forgets the silent after ten minutes, and subjects without a budget`() throws {
        var ledger = ShareLedger(own: Self.own)
        let other = UniqueID(high: 9, low: 2)
        let answer = ShareAnswer(
            entries: [Self.entry(1, 5), Self.entry(2, 5, of: other)],
            gateways: [Self.gateway(1), Self.own],
            epoch: 0
        )
        _ = ledger.reconcile([Self.subject, other], answer, freshness: .seconds(2), now: 0) { _ in 1_000_000 }
        #expect(ledger.sightingCount == 2)
        ledger.prune(now: ShareLedger.memoryNanoseconds - 1) { $0 == Self.subject }
        #expect(ledger.subjects == [Self.subject])
        #expect(ledger.sightingCount == 1)
        ledger.prune(now: ShareLedger.memoryNanoseconds) { $0 == Self.subject }
        #expect(ledger.sightingCount == 0)
        #expect(ledger.hasLearned(Self.subject))
    }

    @Test func `remembers no more than its bound, and charges nothing beyond it`() throws {
        var ledger = ShareLedger(own: Self.own, sightingLimit: 2)
        _ = try Self.learn(&ledger, [])
        let entries = (1...4).map { Self.entry($0, 1, debt: 1_000_000) }
        #expect(try Self.learn(&ledger, entries).othersAdmitted == 2)
        #expect(try Self.learn(&ledger, entries).othersAdmitted == 0)
        #expect(ledger.sightingCount == 2)
    }
}
