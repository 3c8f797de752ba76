import Logging
import PosternGateway
import PosternLimits
import PosternModel
import PosternTelemetry
import Synchronization
import Testing

/// Several gateways with one limit, in time that a test turns by hand.
@Suite struct SharedLimitTests {
    /// What the gateways meet in: as a store, without a store.
    private final class Meeting: Sendable {
        struct Entry {
            var report: ShareReport
            var at: Int64
        }

        let entries = Mutex<[UniqueID: [UniqueID: Entry]]>([:])
        let members = Mutex<Set<UniqueID>>([])
        let isAway = Atomic(false)
    }

    private struct Store: ShareStore {
        let meeting: Meeting
        let gateway: UniqueID
        let budgets: SharedBudgets
        let interval: Duration
        var name: String { "postgres" }
        var preferredName: String { "postgres" }

        func exchange(_ reports: [ShareReport]) async throws(ShareError) -> ShareAnswer {
            if self.meeting.isAway.load(ordering: .relaxed) { throw .unreachable("away") }
            let now = self.budgets.now
            let entries = self.meeting.entries.withLock { entries in
                for report in reports where report.wasAsked {
                    entries[report.subject, default: [:]][self.gateway] = Meeting.Entry(report: report, at: now)
                }
                return entries.values.flatMap { $0 }.filter { $0.key != self.gateway }.map { gateway, entry in
                    let age = (now - entry.at) / 1000
                    return ShareEntry(
                        subject: entry.report.subject,
                        gateway: gateway,
                        admitted: entry.report.admitted,
                        debtMicroseconds: entry.report.debtMicroseconds - age,
                        ageMicroseconds: age
                    )
                }
            }
            let members = self.meeting.members.withLock { members in
                members.insert(self.gateway)
                return members.sorted()
            }
            return ShareAnswer(
                entries: entries,
                gateways: members,
                epoch: now / Int64(self.interval / .nanoseconds(1))
            )
        }

        func renew() async {}
        func leave(_ reports: [ShareReport]) async throws(ShareError) {}
    }

    /// Runs gateways that ask for more than the limit has, each as often as its weight, and gives what they admitted.
    private static func admitted(
        weights: [Int],
        perMinute: Int,
        burst: Int,
        interval: Duration,
        seconds: Int,
        awayFrom: Int = .max,
        awayUntil: Int = .max
    ) async -> Int {
        let meeting = Meeting()
        let registry = PrometheusRegistry()
        let gateways = weights.indices.map { index in
            let budgets = SharedBudgets()
            let id = UniqueID(high: 1, low: UInt64(index))
            let store = Store(meeting: meeting, gateway: id, budgets: budgets, interval: interval)
            let service = LimitExchangeService(
                gateway: id,
                book: budgets,
                store: store,
                metrics: LimitMetrics(factory: registry, stores: ["postgres"]),
                logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() },
                clock: { budgets.now }
            )
            return (budgets: budgets, service: service, budget: budgets.add(1, perMinute: perMinute, burst: burst))
        }
        // All know of each other before the first request.
        for gateway in gateways { _ = await gateway.service.step() }
        var total = 0
        let step = Duration.milliseconds(5)
        let steps = Int(interval / step)
        for tick in 0..<(seconds * 200) {
            meeting.isAway.store((awayFrom..<awayUntil).contains(tick / 200), ordering: .relaxed)
            for (index, gateway) in gateways.enumerated() {
                total += gateway.budgets.drain(gateway.budget, atMost: weights[index])
                // Each at its own time within the interval.
                if tick % steps == index % steps { _ = await gateway.service.step() }
                gateway.budgets.pass(step)
            }
        }
        return total
    }

    @Test(
        arguments: [
            ([1, 1], 6000, 100, 200), ([5, 1], 6000, 100, 200), ([1, 0], 6000, 100, 200),
            ([4, 2, 2], 60_000, 1000, 200),
            ([1, 1], 600, 10, 200), ([1, 1], 60, 1, 200), ([2, 2], 6000, 100, 25), ([1, 1, 1, 1], 600, 20, 25),
        ] as [([Int], Int, Int, Int)]
    )
    func `admits what one gateway would, whoever is asked`(
        weights: [Int],
        perMinute: Int,
        burst: Int,
        milliseconds: Int
    ) async {
        let total = await Self.admitted(
            weights: weights,
            perMinute: perMinute,
            burst: burst,
            interval: .milliseconds(milliseconds),
            seconds: 60
        )
        // No gateway can admit what nobody asks for: 200 times a second.
        let asked = weights.reduce(0, +) * 200 * 60
        let allowed = min(perMinute + burst, asked)
        #expect(Double(total) <= Double(allowed) * 1.05 + 1)
        // With a burst of one nothing can be made up for later: a turn that passes unused is lost.
        #expect(Double(total) >= Double(allowed) * (burst == 1 ? 0.8 : 0.95) - 1)
    }

    @Test func `stays near the limit while nothing can be exchanged`() async {
        let total = await Self.admitted(
            weights: [1, 1],
            perMinute: 6000,
            burst: 100,
            interval: .milliseconds(200),
            seconds: 60,
            awayFrom: 20,
            awayUntil: 40
        )
        #expect(Double(total) <= 6100 * 1.1)
        #expect(Double(total) >= 6100 * 0.9)
    }
}
