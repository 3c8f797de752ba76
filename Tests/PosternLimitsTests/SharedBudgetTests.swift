import PosternLimits
import Testing

/// What several gateways admit together.
@Suite struct SharedBudgetTests {
    static let second: Int64 = 1_000_000_000

    /// Gateways and how often they exchange counts.
    struct Case: CustomTestStringConvertible, Sendable {
        let gateways: Int
        let exchange: Int64
        var testDescription: String { "\(self.gateways) gateways, every \(self.exchange / 1_000_000) ms" }

        func simulation(_ limit: RateLimit) -> ShareSimulation {
            ShareSimulation(.init(limit: limit, exchange: self.exchange, latency: 3_000_000))
        }

        /// Every gateway asked at 50 times the limit.
        func flood(_ limit: RateLimit) -> [Int64] {
            Array(repeating: limit.intervalNanoseconds / 50, count: self.gateways)
        }
    }

    static let cases = [2, 3, 5].flatMap { gateways in
        [Int64(25_000_000), 200_000_000].map { Case(gateways: gateways, exchange: $0) }
    }

    static func limit(_ rate: Int, burst: Int? = nil) throws -> RateLimit {
        try #require(RateLimit(requestsPerMinute: rate, burst: burst ?? rate))
    }

    @Test(arguments: cases, [10, 60, 100, 300, 1000])
    func `admits a minute's tier in a minute of flood`(each: Case, rate: Int) throws {
        let limit = try Self.limit(rate)
        var simulation = each.simulation(limit)
        simulation.join(spacings: each.flood(limit))
        simulation.run(for: 70 * Self.second)
        let sum = simulation.admitted(in: 10 * Self.second..<70 * Self.second)
        // One percent, and one request where a percent is less.
        #expect(abs(sum - rate) <= max(1, rate / 100), "\(sum) of \(rate)")
        let first = simulation.admitted(in: 0..<10 * Self.second)
        #expect(first <= rate + rate / 6 + max(2, rate / 100), "\(first) with the burst")
    }

    @Test(arguments: cases, [10, 60, 1000])
    func `lets every flooded gateway admit something`(each: Case, rate: Int) throws {
        let limit = try Self.limit(rate)
        var simulation = each.simulation(limit)
        simulation.join(spacings: each.flood(limit))
        simulation.run(for: 310 * Self.second)
        for gateway in 0..<each.gateways {
            let own = simulation.admitted(by: gateway, in: 10 * Self.second..<310 * Self.second)
            #expect(own * each.gateways * 4 >= rate * 5, "gateway \(gateway) admitted \(own) of \(rate * 5)")
        }
    }

    @Test(arguments: cases)
    func `admits the whole tier when one gateway gets all requests`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        let silence = Array(repeating: 3600 * Self.second, count: each.gateways - 1)
        simulation.join(spacings: [limit.intervalNanoseconds / 50] + silence)
        simulation.run(for: 70 * Self.second)
        let sum = simulation.admitted(in: 10 * Self.second..<70 * Self.second)
        #expect((990...1010).contains(sum), "\(sum)")
    }

    @Test(arguments: cases)
    func `admits the tier when the others get a trickle`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        let trickle = Array(repeating: Self.second / 2, count: each.gateways - 1)
        simulation.join(spacings: [limit.intervalNanoseconds / 50] + trickle)
        simulation.run(for: 70 * Self.second)
        let sum = simulation.admitted(in: 10 * Self.second..<70 * Self.second)
        #expect((950...1010).contains(sum), "\(sum)")
    }

    @Test(arguments: cases)
    func `gives a late gateway a first share and no second burst`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        simulation.join(spacings: each.flood(limit).dropLast())
        simulation.run(for: 30 * Self.second)
        simulation.join(spacings: [limit.intervalNanoseconds / 50])
        simulation.run(for: 120 * Self.second)
        let extra = simulation.admitted(in: 30 * Self.second..<90 * Self.second) - 1000
        #expect(extra <= 1000 / each.gateways + 10, "\(extra) too many after joining")
        let sum = simulation.admitted(in: 90 * Self.second..<150 * Self.second)
        #expect((990...1010).contains(sum), "\(sum)")
        #expect(simulation.admitted(by: each.gateways - 1, in: 90 * Self.second..<150 * Self.second) > 0)
    }

    @Test(arguments: cases)
    func `hands the share of a gateway that left to the others`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        simulation.join(spacings: each.flood(limit))
        simulation.run(for: 30 * Self.second)
        simulation.leave(0)
        simulation.run(for: 70 * Self.second)
        let after = simulation.admitted(in: 31 * Self.second..<91 * Self.second)
        #expect((990...1010).contains(after), "\(after)")
    }

    @Test(arguments: cases)
    func `divides the limit while the exchange is away`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        simulation.join(spacings: each.flood(limit))
        simulation.run(for: 20 * Self.second)
        simulation.loseExchange()
        simulation.run(for: 10 * Self.second)
        simulation.regainExchange()
        simulation.run(for: 70 * Self.second)
        let away = simulation.admitted(in: 20 * Self.second..<30 * Self.second)
        #expect((150...177).contains(away), "\(away) of 167 while away")
        let back = simulation.admitted(in: 30 * Self.second..<90 * Self.second)
        #expect((990...1010).contains(back), "\(back) after")
    }

    @Test(arguments: cases)
    func `never admits more than the tier and one burst without an exchange`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        simulation.join(spacings: Array(repeating: 3600 * Self.second, count: each.gateways))
        simulation.loseExchange()
        for gateway in 0..<each.gateways { simulation.ask(gateway, every: limit.intervalNanoseconds / 50) }
        simulation.run(for: 60 * Self.second)
        let sum = simulation.admitted(in: 0..<60 * Self.second)
        #expect((1980...2000).contains(sum), "\(sum)")
    }

    @Test(arguments: cases)
    func `does not lock an idle gateway out after a long absence`(each: Case) throws {
        let limit = try Self.limit(1000)
        var simulation = each.simulation(limit)
        // Below the local shares, so that nobody owes anything when the exchange is back.
        let idle = Array(repeating: 36_000 * Self.second, count: each.gateways - 1)
        simulation.join(spacings: [limit.intervalNanoseconds * 10] + idle)
        simulation.run(for: 10 * Self.second)
        simulation.loseExchange()
        simulation.run(for: 3600 * Self.second)
        simulation.regainExchange()
        simulation.run(for: Self.second)
        let back = simulation.now
        for gateway in 1..<each.gateways { simulation.ask(gateway, every: limit.intervalNanoseconds / 50) }
        simulation.run(for: 5 * Self.second)
        let sum = simulation.admitted(in: back..<back + 5 * Self.second)
        // Five seconds of the rate, which is 83, a burst, and first shares of gateways that wake together.
        #expect((75...1333).contains(sum), "\(sum)")
    }

    @Test(arguments: cases)
    func `keeps what was used when the limit is raised under flood`(each: Case) throws {
        let limit = try Self.limit(100)
        var simulation = each.simulation(limit)
        simulation.join(spacings: Array(repeating: Self.second / 800, count: each.gateways))
        simulation.run(for: 30 * Self.second)
        simulation.adopt(try Self.limit(1000), apart: 10_000_000)
        let raised = simulation.now
        simulation.run(for: 130 * Self.second)
        // 100 of 1000 were used: 900 are there at once, fewer to gateways that change a moment later.
        let atOnce = simulation.admitted(in: raised..<raised + 10 * Self.second)
        #expect((500...1210).contains(atOnce), "\(atOnce) after the change")
        let sum = simulation.admitted(in: raised + 60 * Self.second..<raised + 120 * Self.second)
        #expect((990...1010).contains(sum), "\(sum)")
    }
}
