import Glibc
import PosternLimits
import Testing

@Suite struct BucketTableTests {
    /// Shaped like a peer's address: 24 bytes.
    struct Key: Hashable, Sendable {
        var family: UInt8 = 1
        var high: UInt64 = 0
        var low: UInt64
    }

    static let second: Int64 = 1_000_000_000

    static func limit() throws -> RateLimit { try #require(RateLimit(requestsPerMinute: 60, burst: 20)) }

    @Test(
        arguments: [
            (.min, 8), (0, 8), (7, 8), (8, 8), (9, 16), (1023, 1024), (1024, 1024), (1025, 2048),
        ] as [(Int, Int)]
    )
    func `has a power of two of places`(asked: Int, capacity: Int) {
        let table = BucketTable<Key>(capacity: asked)
        #expect(table.capacity == capacity)
        #expect(table.count == 0)
    }

    @Test func `costs sixteen bytes a key`() {
        #expect(MemoryLayout<Key>.stride == 24)
        #expect(BucketTable<Key>.bytesPerEntry == 16)
        #expect(RecentKeys<Key>.bytesPerEntry == 16)
    }

    @Test func `decides like a bucket and takes nothing for it`() throws {
        let limit = try Self.limit()
        var table = BucketTable<Key>(capacity: 64)
        var bucket = RateBucket()
        for step in 0..<100 {
            let now = Int64(step) * Self.second / 7
            let decision = table.decision(Key(low: 1), limit, now: now)
            #expect(decision == bucket.decision(limit, now: now))
            #expect(decision == table.decision(Key(low: 1), limit, now: now))
            table.charge(Key(low: 1), limit, now: now)
            bucket.charge(limit, now: now)
        }
        #expect(!table.decision(Key(low: 1), limit, now: 15 * Self.second).isAdmitted)
        #expect(table.decision(Key(low: 2), limit, now: 15 * Self.second).remaining == 19)
    }

    @Test func `treats a clock that goes back as standing still`() throws {
        let limit = try Self.limit()
        var table = BucketTable<Key>(capacity: 8)
        for _ in 0..<20 { table.charge(Key(low: 1), limit, now: 100 * Self.second) }
        let refusal = table.decision(Key(low: 1), limit, now: 100 * Self.second)
        #expect(refusal.retryAfterNanoseconds == Self.second)
        #expect(table.decision(Key(low: 1), limit, now: 99 * Self.second) == refusal)
        #expect(table.decision(Key(low: 1), limit, now: .min) == refusal)
        table.charge(Key(low: 2), limit, now: 0)
        #expect(table.decision(Key(low: 2), limit, now: 101 * Self.second).remaining == 19)
        #expect(table.decision(Key(low: 1), limit, now: 101 * Self.second).isAdmitted)
    }

    @Test func `counts who is in debt and reuses the places of who is not`() throws {
        let limit = try Self.limit()
        var table = BucketTable<Key>(capacity: 8)
        for key in 0..<8 { for _ in 0...key { table.charge(Key(low: UInt64(key)), limit, now: 0) } }
        #expect(table.count == 8)
        // Key 0 owes one second and is free by then; the others stay.
        table.charge(Key(low: 8), limit, now: Self.second)
        #expect(table.count == 8)
        for key in 1..<8 {
            #expect(table.decision(Key(low: UInt64(key)), limit, now: Self.second).remaining == 20 - key - 1)
        }
        #expect(table.decision(Key(low: 8), limit, now: Self.second).remaining == 18)
        _ = table.decision(Key(low: 8), limit, now: 60 * Self.second)
        #expect(table.count == 0)
    }

    @Test func `forgets the key with the least debt when all places are taken`() throws {
        let limit = try Self.limit()
        var table = BucketTable<Key>(capacity: 8)
        for key in 0..<8 { for _ in 0..<(10 - key) { table.charge(Key(low: UInt64(key)), limit, now: 0) } }
        table.charge(Key(low: 8), limit, now: 0)
        #expect(table.count == 8)
        #expect(table.decision(Key(low: 7), limit, now: 0).remaining == 19)
        for key in 0..<7 {
            #expect(table.decision(Key(low: UInt64(key)), limit, now: 0).remaining == 9 + key)
        }
        #expect(table.decision(Key(low: 8), limit, now: 0).remaining == 18)
    }

    @Test func `keeps the most indebted of a hundred thousand keys`() throws {
        let limit = try Self.limit()
        var table = BucketTable<Key>(capacity: 4096)
        for key in 0..<40 { for _ in 0..<20 { table.charge(Key(low: UInt64(key)), limit, now: 0) } }
        for key in 1000..<101_000 {
            table.charge(Key(low: UInt64(key)), limit, now: 0)
            #expect(table.decision(Key(low: UInt64(key)), limit, now: 0).remaining == 18)
        }
        #expect(table.capacity == 4096)
        #expect(table.count == 4096)
        for key in 0..<40 { #expect(!table.decision(Key(low: UInt64(key)), limit, now: 0).isAdmitted) }
    }

    // In a process of its own, where nothing else takes memory.
    @Test func `takes no memory for a hundred thousand keys`() async {
        await #expect(processExitsWith: .success) {
            let limit = try Self.limit()
            var table = BucketTable<Key>(capacity: 1024)
            var recent = RecentKeys<Key>(capacity: 1024)
            var before = 0
            var wrong = 0
            for key in 0..<UInt64(101_000) {
                if key == 1000 { before = Self.mostMemoryKibibytes() }
                table.charge(Key(low: key), limit, now: Int64(key))
                if table.decision(Key(low: key), limit, now: Int64(key)).remaining != 18 { wrong += 1 }
                recent.insert(Key(low: key), until: Int64(key) + 1)
                if !recent.contains(Key(low: key), now: Int64(key)) { wrong += 1 }
            }
            // A dictionary of as many keys takes 5 MiB and more.
            let grown = Self.mostMemoryKibibytes() - before
            #expect(grown < 1024, "\(grown) KiB more")
            #expect(wrong == 0)
        }
    }

    /// The most memory this process ever had resident.
    private static func mostMemoryKibibytes() -> Int {
        var usage = rusage()
        // 0 is RUSAGE_SELF, whose type in Swift getrusage does not take.
        return unsafe getrusage(0, &usage) == 0 ? usage.ru_maxrss : .max
    }
}
