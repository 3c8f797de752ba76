import PosternConsumer
import Testing

@Suite struct DeliveryModelTests {
    /// Every event is delivered, a dead letter or not wanted, and the books say so.
    static func checkBooks(_ simulation: DeliverySimulation) {
        for (store, taken) in zip(simulation.stores, simulation.taken) {
            let wanted = Set(store.events.filter(\.isWanted).map(\.number))
            let delivered = Set(taken)
            #expect(wanted.subtracting(delivered).subtracting(store.letters).isEmpty, "lost")
            #expect(delivered.union(store.letters).subtracting(wanted).isEmpty, "not wanted")
            let counts = store.counts
            let first = ["delivered", "handed", "buried"].reduce(0) { $0 + (counts[$1] ?? 0) }
            #expect(first == Int64(wanted.count))
            #expect(counts["unsubscribed", default: 0] == Int64(store.events.count - wanted.count))
            #expect(counts["handed", default: 0] == counts["recovered", default: 0] + counts["exhausted", default: 0])
            #expect(Int64(store.letters.count) == counts["buried", default: 0] + counts["exhausted", default: 0])
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: 1...12)
    func `loses nothing and keeps the order of accounts whatever happens`(seed: UInt64) {
        var simulation = DeliverySimulation(
            organizations: 3,
            events: 450,
            accounts: 5,
            weather: .init(),
            seed: seed
        )
        #expect(simulation.run(steps: 20_000) == true)
        #expect(simulation.crashes > 1)
        Self.checkBooks(simulation)
    }

    @Test(.timeLimit(.minutes(5)), arguments: 1...6)
    func `loses nothing while it crashes all the time`(seed: UInt64) {
        var simulation = DeliverySimulation(
            organizations: 2,
            events: 200,
            accounts: 3,
            weather: .init(transient: 25, permanent: 10, lost: 10, crash: 20),
            seed: seed
        )
        #expect(simulation.run(steps: 50_000) == true)
        Self.checkBooks(simulation)
    }

    @Test(.timeLimit(.minutes(5)), arguments: 1...4)
    func `finishes all accounts but one that fails`(seed: UInt64) {
        let broken = (organization: 0, account: "account-0")
        var simulation = DeliverySimulation(
            organizations: 2,
            events: 400,
            accounts: 20,
            weather: .init(transient: 0, permanent: 0, lost: 0, crash: 0, broken: broken),
            seed: seed
        )
        #expect(simulation.run(steps: 20_000) == true)
        Self.checkBooks(simulation)
        for (organization, store) in simulation.stores.enumerated() {
            for event in store.events where event.isWanted {
                let isBroken = organization == 0 && event.account == broken.account
                #expect(store.letters.contains(event.number) == isBroken)
                // A head is tried once and three times more; what was parked behind it three times at least.
                let attempts = simulation.attempts[organization][event.number] ?? 0
                #expect(isBroken ? attempts > 1 : attempts >= 1)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: 1...4)
    func `spends next to no attempts in an outage and delays nobody else`(seed: UInt64) {
        let outage = (organization: 0, until: 3000)
        var simulation = DeliverySimulation(
            organizations: 3,
            events: 450,
            accounts: 30,
            weather: .init(transient: 0, permanent: 0, lost: 0, crash: 0, outage: outage),
            seed: seed
        )
        for _ in 0..<2999 { simulation.step() }
        #expect(simulation.isDone(1) && simulation.isDone(2))
        #expect(simulation.openings > 0)
        // Twenty open the circuit, seven more may be out then, and afterwards there is a probe every hundred steps.
        #expect(simulation.taken[0].isEmpty)
        #expect(simulation.attempts[0].values.reduce(0, +) <= 27 + 30)
        #expect(simulation.run(steps: 20_000) == true)
        Self.checkBooks(simulation)
        #expect(simulation.stores.allSatisfy { $0.letters.isEmpty })
    }
}
