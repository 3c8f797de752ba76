import NIOCore
import NIOPosix
import PosternHTTP
import PosternOutbound
import Testing

@Suite(.timeLimit(.minutes(5))) struct AddressBookTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    @Test func `remembers what it has asked for`() async throws {
        let lookup = TableLookup(["a.test": ["192.0.2.1", "192.0.2.2"]])
        let book = AddressBook(lookup)
        defer { book.shutdown() }
        for _ in 0..<3 {
            let found = try await book.addresses(of: "a.test", within: .seconds(10), on: self.loop)
            #expect(found.map(\.description) == ["192.0.2.1", "192.0.2.2"])
        }
        #expect(lookup.asked == ["a.test"])
    }

    @Test func `remembers failures too`() async throws {
        let lookup = TableLookup([:])
        let book = AddressBook(lookup)
        defer { book.shutdown() }
        for _ in 0..<3 {
            await #expect(throws: LookupFailure.failed("not in the table")) {
                try await book.addresses(of: "a.test", within: .seconds(10), on: self.loop)
            }
        }
        #expect(lookup.asked == ["a.test"])
    }

    @Test func `asks again when addresses are old`() async throws {
        let lookup = TableLookup(["a.test": ["192.0.2.1"]])
        let book = AddressBook(lookup, limits: .init(freshFor: .zero))
        defer { book.shutdown() }
        _ = try await book.addresses(of: "a.test", within: .seconds(10), on: self.loop)
        lookup.set("a.test", to: ["192.0.2.9"])
        let found = try await book.addresses(of: "a.test", within: .seconds(10), on: self.loop)
        #expect(found.map(\.description) == ["192.0.2.9"])
    }

    @Test func `asks once for a name that many wait for`() async throws {
        let lookup = GatedLookup()
        let book = AddressBook(lookup)
        defer { book.shutdown() }
        let found = try await withThrowingTaskGroup(of: [PeerAddress].self) { group in
            for _ in 0..<20 {
                group.addTask { try await book.addresses(of: "a.test", within: .seconds(30), on: self.loop) }
            }
            for await _ in lookup.started { break }
            lookup.open()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // A second lookup would wait at the gate for ever.
        #expect(found.map(\.description) == Array(repeating: "127.0.0.1", count: 20))
    }

    @Test func `does not wait longer than it may, and takes the answer that comes later`() async throws {
        let lookup = GatedLookup()
        let book = AddressBook(lookup)
        defer { book.shutdown() }
        await #expect(throws: LookupFailure.timeout) {
            try await book.addresses(of: "a.test", within: .milliseconds(20), on: self.loop)
        }
        lookup.open()
        let found = try await book.addresses(of: "a.test", within: .seconds(30), on: self.loop)
        #expect(found.map(\.description) == ["127.0.0.1"])
    }

    @Test(arguments: [(300, true), (0, false)])
    func `takes old addresses for a while where a new lookup does not end`(seconds: Int, serves: Bool) async throws {
        let lookup = GatedLookup()
        let book = AddressBook(lookup, limits: .init(freshFor: .zero, staleFor: .seconds(seconds)))
        defer { book.shutdown() }
        lookup.open()
        _ = try await book.addresses(of: "a.test", within: .seconds(30), on: self.loop)
        let found = try? await book.addresses(of: "a.test", within: .milliseconds(20), on: self.loop)
        #expect(found?.map(\.description) == (serves ? ["127.0.0.1"] : nil))
        lookup.open()
    }

    @Test func `stops waiting when its task is canceled`() async throws {
        let lookup = GatedLookup()
        let book = AddressBook(lookup)
        defer { book.shutdown() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: LookupFailure.canceled) {
                    try await book.addresses(of: "a.test", within: .seconds(50), on: self.loop)
                }
            }
            for await _ in lookup.started { break }
            group.cancelAll()
        }
        lookup.open()
    }

    @Test func `refuses more names at once than it may look up`() async throws {
        let lookup = GatedLookup()
        let book = AddressBook(lookup, limits: .init(lookups: 1))
        defer { book.shutdown() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await book.addresses(of: "a.test", within: .seconds(30), on: self.loop) }
            for await _ in lookup.started { break }
            await #expect(throws: LookupFailure.tooManyNames) {
                try await book.addresses(of: "b.test", within: .seconds(30), on: self.loop)
            }
            lookup.open()
            try await group.waitForAll()
        }
    }

    @Test func `keeps no more names than it may`() async throws {
        let lookup = TableLookup(["a.test": ["192.0.2.1"], "b.test": ["192.0.2.2"]])
        let book = AddressBook(lookup, limits: .init(names: 1))
        defer { book.shutdown() }
        for name in ["a.test", "b.test", "b.test", "a.test"] {
            _ = try await book.addresses(of: name, within: .seconds(10), on: self.loop)
        }
        #expect(lookup.asked == ["a.test", "b.test", "a.test"])
    }

    @Test func `fails after its shutdown`() async throws {
        let book = AddressBook(TableLookup(["a.test": ["192.0.2.1"]]))
        book.shutdown()
        await #expect(throws: LookupFailure.canceled) {
            try await book.addresses(of: "a.test", within: .seconds(10), on: self.loop)
        }
    }
}

extension AddressBook.Limits {
    fileprivate init(
        freshFor: Duration = .seconds(20),
        staleFor: Duration = .seconds(300),
        lookups: Int = 256,
        names: Int = 4096
    ) {
        self.init()
        self.staleFor = staleFor
        self.freshFor = freshFor
        self.lookups = lookups
        self.names = names
    }
}
