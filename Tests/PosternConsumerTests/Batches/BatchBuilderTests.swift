import PosternConsumer
import PosternModel
import PosternPlatforms
import PosternStore
import Testing

@Suite struct BatchBuilderTests {
    private let now = Timestamp(seconds: 1_795_219_200)
    private let consumer = ConsumerID.fresh(at: .now())
    private let leases = [1, 2, 3].map { LeasedLane(lane: Lane($0), fence: Int64($0) * 10) }

    private func content(_ lane: Int32, _ body: String, platform: String = "meta") -> DeliveryContent {
        DeliveryContent(
            lane: Lane(lane),
            id: .fresh(at: self.now),
            organization: .fresh(at: self.now),
            endpoint: .fresh(at: self.now),
            platform: platform,
            headers: [],
            body: Array(body.utf8)
        )
    }

    private func delivery(
        _ content: DeliveryContent,
        writer: Int64 = 1,
        sequence: Int64,
        cursor: Int64 = 0
    ) -> StoredDelivery {
        StoredDelivery(
            head: DeliveryHead(
                lane: content.lane,
                writer: writer,
                sequence: sequence,
                storedAt: Timestamp(seconds: sequence)
            ),
            cursor: cursor,
            content: content
        )
    }

    private func builder(delays: [Duration] = [.seconds(60), .seconds(300)]) -> BatchBuilder {
        var configuration = ConsumerConfiguration()
        configuration.retryDelays = delays
        return BatchBuilder(consumer: self.consumer, time: self.now, leases: self.leases, configuration: configuration)
    }

    /// What the definition of its platform gives for a body.
    private func normalized(_ content: DeliveryContent) throws -> Normalization {
        try ConsumerRun.normalizer().normalize(content, parameters: [:])
    }

    private func add(
        _ delivery: StoredDelivery,
        _ normalization: Normalization,
        to builder: inout BatchBuilder,
        routes: Bool = false
    ) throws {
        var ids = UniqueIDSequence()
        try builder.add(
            delivery,
            normalization,
            endpoint: RoutedEndpoint(
                platform: delivery.content.platform,
                endpoint: delivery.content.endpoint,
                parameters: [:],
                routesAccounts: routes
            ),
            eventNumber: 7,
            ids: &ids,
            random: 100
        )
    }

    private func retry(_ attempt: Int32, _ content: DeliveryContent) -> DueRetry {
        DueRetry(id: UniqueID(high: 1, low: UInt64(attempt)), attempt: attempt, content: content)
    }

    private func add(_ retry: DueRetry, _ normalization: Normalization, to builder: inout BatchBuilder) throws {
        var ids = UniqueIDSequence()
        try builder.add(
            retry,
            normalization,
            endpoint: RoutedEndpoint(unknown: retry.content),
            eventNumber: 7,
            ids: &ids,
            random: 100
        )
    }

    @Test func `is nothing when nothing was added`() {
        #expect(self.builder().finish() == nil)
    }

    @Test func `moves each cursor once over all its deliveries`() throws {
        var builder = self.builder()
        for (writer, sequence, cursor) in [(1, 5, 4), (2, 9, 0), (1, 6, 4), (1, 9, 4)] as [(Int64, Int64, Int64)] {
            let content = self.content(2, Meta.message("\(writer)-\(sequence)"))
            try self.add(
                self.delivery(content, writer: writer, sequence: sequence, cursor: cursor),
                try self.normalized(content),
                to: &builder
            )
        }
        let batch = try #require(builder.finish())
        #expect(
            batch.moves == [
                CursorMove(
                    lane: Lane(2),
                    writer: 1,
                    from: 4,
                    to: 9,
                    storedAt: Timestamp(seconds: 9),
                    deliveries: 3
                ),
                CursorMove(
                    lane: Lane(2),
                    writer: 2,
                    from: 0,
                    to: 9,
                    storedAt: Timestamp(seconds: 9),
                    deliveries: 1
                ),
            ]
        )
        #expect(batch.events.map(\.key) == ["mid:1-5", "mid:2-9", "mid:1-6", "mid:1-9"])
        #expect(batch.tally.total(.normalized) == 4)
    }

    @Test func `names its lanes in order with their fences`() throws {
        var builder = self.builder()
        for lane in [3, 1] as [Int32] {
            let content = self.content(lane, Meta.message("a"))
            try self.add(self.delivery(content, sequence: 1), try self.normalized(content), to: &builder)
        }
        let batch = try #require(builder.finish())
        #expect(
            batch.lanes == [
                LaneWork(lease: self.leases[0], eventNumber: 7), LaneWork(lease: self.leases[2], eventNumber: 7),
            ]
        )
        #expect(batch.consumer == self.consumer && batch.time == self.now)
    }

    @Test func `buries a permanent failure at once and moves on`() throws {
        var builder = self.builder()
        let content = self.content(1, "x")
        try self.add(
            self.delivery(content, sequence: 3, cursor: 2),
            .permanent(reason: "r", detail: "a\0b", definitionVersion: 4),
            to: &builder
        )
        let batch = try #require(builder.finish())
        let letter = try #require(batch.deadLetters.first)
        #expect(batch.deadLetters.count == 1 && batch.retries.isEmpty && batch.events.isEmpty)
        #expect(letter.attempts == 1 && letter.definitionVersion == 4)
        #expect(letter.failed.reason == "r" && letter.failed.detail == "a\u{FFFD}b")
        #expect(batch.moves.map(\.to) == [3])
        #expect(batch.tally.total(.deadLettered) == 1)
    }

    @Test func `queues a passing failure by the schedule`() throws {
        var builder = self.builder()
        try self.add(
            self.delivery(self.content(1, "x"), sequence: 1),
            .transient(reason: "r", detail: "d"),
            to: &builder
        )
        let batch = try #require(builder.finish())
        #expect(batch.retries.map(\.attempt) == [1])
        #expect(batch.retries.map(\.scheduledAt) == [self.now.advanced(by: .seconds(60))])
        #expect(batch.deadLetters.isEmpty)
        #expect(batch.tally.total(.retried) == 1)
    }

    @Test func `buries a passing failure when there are no retries`() throws {
        var builder = self.builder(delays: [])
        try self.add(
            self.delivery(self.content(1, "x"), sequence: 1),
            .transient(reason: "r", detail: "d"),
            to: &builder
        )
        let batch = try #require(builder.finish())
        #expect(batch.retries.isEmpty && batch.deadLetters.map(\.attempts) == [1])
    }

    @Test func `postpones a retry that fails again until the last`() throws {
        var builder = self.builder()
        try self.add(self.retry(1, self.content(1, "x")), .transient(reason: "r", detail: "d"), to: &builder)
        try self.add(self.retry(2, self.content(1, "y")), .transient(reason: "r", detail: "d"), to: &builder)
        let batch = try #require(builder.finish())
        guard case .postponed(2, let scheduledAt, "r", "d") = batch.settlements[0].outcome,
            case .finished = batch.settlements[1].outcome
        else {
            Issue.record("settled as \(batch.settlements)")
            return
        }
        #expect(scheduledAt == self.now.advanced(by: .seconds(300)))
        #expect(batch.deadLetters.map(\.attempts) == [3])
        #expect(batch.tally.total(.retried) == 1 && batch.tally.total(.deadLettered) == 1)
        #expect(batch.moves.isEmpty)
    }

    @Test func `finishes a retry that recovers`() throws {
        var builder = self.builder()
        let content = self.content(1, Meta.message("a"))
        try self.add(self.retry(2, content), try self.normalized(content), to: &builder)
        let batch = try #require(builder.finish())
        guard case .finished = batch.settlements[0].outcome else {
            Issue.record("settled as \(batch.settlements)")
            return
        }
        #expect(batch.events.count == 1)
        #expect(batch.tally.total(.recovered) == 1 && batch.tally.total(.normalized) == 1)
    }

    @Test func `buries a retry that turns out to be permanent`() throws {
        var builder = self.builder()
        try self.add(
            self.retry(1, self.content(1, "x")),
            .permanent(reason: "r", detail: "d", definitionVersion: nil),
            to: &builder
        )
        let batch = try #require(builder.finish())
        #expect(batch.deadLetters.map(\.attempts) == [2])
        #expect(batch.settlements.count == 1)
    }

    @Test func `routes the events of routing endpoints only`() throws {
        var builder = self.builder()
        let routed = self.content(1, Meta.message("a", account: "T"))
        let unmapped = self.content(1, Meta.message("b", account: "U"))
        let plain = self.content(1, Meta.message("c", account: "T"))
        for (content, routes) in [(routed, true), (unmapped, true), (plain, false)] {
            try self.add(
                self.delivery(content, sequence: 1),
                try self.normalized(content),
                to: &builder,
                routes: routes
            )
        }
        let isRouted = { (endpoint: EndpointID) in endpoint != plain.endpoint }
        let meta = try #require(PlatformName("meta"))
        #expect(builder.accountsToRoute(isRouted) == [meta: ["T", "U"]])
        let tenant = OrganizationID.fresh(at: self.now)
        builder.route([meta: ["T": tenant]], isRouted)
        let batch = try #require(builder.finish())
        #expect(batch.events.map(\.organization) == [tenant, unmapped.organization, plain.organization])
        #expect(
            batch.events.map(\.ledgerOrganization)
                == [routed.organization, unmapped.organization, plain.organization]
        )
    }

    @Test func `refuses a lane that is not at hand`() async {
        await #expect(processExitsWith: .failure) {
            let now = Timestamp.now()
            var builder = BatchBuilder(
                consumer: .fresh(at: now),
                time: now,
                leases: [],
                configuration: ConsumerConfiguration()
            )
            var ids = UniqueIDSequence()
            let content = DeliveryContent(
                lane: Lane(1),
                id: .fresh(at: now),
                organization: .fresh(at: now),
                endpoint: .fresh(at: now),
                platform: "meta",
                headers: [],
                body: []
            )
            try builder.add(
                DueRetry(id: content.id.id, attempt: 1, content: content),
                .transient(reason: "", detail: ""),
                endpoint: RoutedEndpoint(unknown: content),
                eventNumber: 0,
                ids: &ids,
                random: 0
            )
        }
    }
}
