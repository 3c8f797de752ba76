import PosternLimits

/// Several gateways with one limit, requests and exchanges in virtual time: no clock, and the same every time.
struct ShareSimulation {
    /// What the gateways have in common.
    struct Setting: Sendable {
        var limit: RateLimit
        /// Time between two exchanges of one gateway.
        var exchange: Int64
        /// From a gateway's report to its learning the answer.
        var latency: Int64 = 0
        /// Whether ranks rotate by the common time; else each gateway rotates by its own count of exchanges.
        var ranksByTime = true
    }

    /// What one gateway wrote for the others.
    private struct Row {
        var report: BudgetReport
        var writtenAt: Int64
        var askedAt: Int64
    }

    /// An answer on its way to a gateway.
    private struct Answer {
        var at: Int64
        var others: Int64
        var debt: Int64
        var sharers: Int
        var rank: Int
        var untilNext: Int64
    }

    private struct Gateway {
        var budget: BudgetState
        var row: Row?
        var seen: [Int: Int64] = [:]
        var spacing: Int64
        var nextRequest: Int64
        var nextExchange: Int64
        var round = 0
        var answer: Answer?
        var isExchanging = true
        var admitted: [Int64] = []
    }

    private let setting: Setting
    private var gateways: [Gateway] = []
    private var random: UInt64 = 1
    private(set) var now: Int64 = 0

    init(_ setting: Setting) { self.setting = setting }

    /// Starts gateways that know of one another, each with a request every `spacing` nanoseconds.
    mutating func join(spacings: [Int64]) {
        let known = self.gateways.count { $0.isExchanging } + spacings.count
        for spacing in spacings {
            let index = Int64(self.gateways.count)
            var budget = BudgetState(limit: self.setting.limit, now: self.now)
            budget.expectSharers(known)
            self.gateways.append(
                Gateway(
                    budget: budget,
                    spacing: spacing,
                    // Odd offsets: neither requests nor exchanges of two gateways fall together.
                    nextRequest: self.now + 1_000 + index * 37_003,
                    nextExchange: self.now + (index * 7 % 5 + 1) * self.setting.exchange / 6
                )
            )
        }
    }

    /// Changes how often a gateway is asked.
    mutating func ask(_ gateway: Int, every spacing: Int64) {
        self.gateways[gateway].spacing = spacing
        self.gateways[gateway].nextRequest = self.now + 1
    }

    /// Ends a gateway without a farewell: what it admitted after its last exchange is never told.
    mutating func leave(_ gateway: Int) {
        self.gateways[gateway].nextRequest = .max
        self.gateways[gateway].nextExchange = .max
        self.gateways[gateway].answer = nil
        self.gateways[gateway].isExchanging = false
    }

    /// Takes the exchange away: every gateway stands alone.
    mutating func loseExchange() {
        let count = self.gateways.count { $0.isExchanging }
        for index in self.gateways.indices where self.gateways[index].isExchanging {
            self.gateways[index].budget.stand(alone: count, now: self.now)
            self.gateways[index].nextExchange = .max
            self.gateways[index].answer = nil
        }
    }

    /// Brings the exchange back.
    mutating func regainExchange() {
        for index in self.gateways.indices where self.gateways[index].isExchanging {
            self.gateways[index].nextExchange = self.now + Int64(index + 1) * self.setting.exchange / 6
        }
    }

    /// Goes over to another limit everywhere, the gateways one after another.
    mutating func adopt(_ limit: RateLimit?, apart: Int64) {
        for index in self.gateways.indices {
            self.gateways[index].budget.adopt(limit, now: self.now)
            self.run(for: apart)
        }
    }

    /// Lets time pass.
    mutating func run(for duration: Int64) {
        let end = self.now + duration
        while let (index, time) = self.earliest(), time < end {
            self.now = time
            self.step(index)
        }
        self.now = end
    }

    /// Requests one gateway admitted in a time.
    func admitted(by gateway: Int, in times: Range<Int64>) -> Int {
        self.gateways[gateway].admitted.count { times.contains($0) }
    }

    /// Requests all gateways admitted in a time.
    func admitted(in times: Range<Int64>) -> Int {
        self.gateways.indices.reduce(0) { $0 + self.admitted(by: $1, in: times) }
    }

    /// Half to one and a half of a time: evenly spaced requests would beat against the exchanges.
    private mutating func varied(_ time: Int64) -> Int64 {
        // Knuth's MMIX generator: the same requests in every run.
        self.random = self.random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return time / 2 + Int64(self.random >> 54) * (time / 1024)
    }

    private func due(_ gateway: Gateway) -> Int64 {
        min(gateway.nextRequest, gateway.nextExchange, gateway.answer?.at ?? .max)
    }

    private func earliest() -> (Int, Int64)? {
        var found: (Int, Int64)?
        for index in self.gateways.indices {
            let due = self.due(self.gateways[index])
            if due < found?.1 ?? .max { found = (index, due) }
        }
        return found
    }

    private mutating func step(_ index: Int) {
        if let answer = self.gateways[index].answer, answer.at == self.now {
            self.gateways[index].answer = nil
            self.gateways[index].budget.learn(
                othersAdmitted: answer.others,
                othersDebtNanoseconds: max(0, answer.debt - self.setting.latency),
                sharers: answer.sharers,
                rank: answer.rank,
                untilNextNanoseconds: answer.untilNext,
                now: self.now
            )
        } else if self.gateways[index].nextExchange == self.now {
            self.exchange(index)
        } else {
            let isAdmitted = self.gateways[index].budget.take(now: self.now).isAdmitted
            if isAdmitted { self.gateways[index].admitted.append(self.now) }
            self.gateways[index].nextRequest += self.varied(self.gateways[index].spacing)
        }
    }

    private mutating func exchange(_ index: Int) {
        let wasAsked = self.gateways[index].budget.wasAskedSinceReport
        let report = self.gateways[index].budget.report(now: self.now)
        let askedAt = wasAsked ? self.now : self.gateways[index].row?.askedAt ?? .min / 2
        self.gateways[index].row = Row(report: report, writtenAt: self.now, askedAt: askedAt)
        var answer = Answer(
            at: self.now + self.setting.latency,
            others: 0,
            debt: 0,
            sharers: 1,
            rank: 0,
            untilNext: self.setting.exchange - self.setting.latency
        )
        for other in self.gateways.indices where other != index {
            guard let row = self.gateways[other].row else { continue }
            answer.others += row.report.admitted - self.gateways[index].seen[other, default: 0]
            self.gateways[index].seen[other] = row.report.admitted
            answer.debt = max(answer.debt, row.report.debtNanoseconds - (self.now - row.writtenAt))
            guard self.now - row.askedAt < 1_000_000_000 else { continue }
            answer.sharers += 1
            if other < index { answer.rank += 1 }
        }
        let round = self.setting.ranksByTime ? Int(self.now / self.setting.exchange) : self.gateways[index].round
        answer.rank = (answer.rank + round) % answer.sharers
        self.gateways[index].answer = answer
        self.gateways[index].round += 1
        self.gateways[index].nextExchange += self.setting.exchange
    }
}
