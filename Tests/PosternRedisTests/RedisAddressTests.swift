import PosternModel
import PosternRedis
import Testing

@Suite struct RedisAddressTests {
    private static let places: [(String, RedisAddress.Place, Int)] = [
        ("redis://example.com", .host("example.com", port: 6379), 0),
        ("redis://example.com/", .host("example.com", port: 6379), 0),
        ("valkey://example.com:1/65535", .host("example.com", port: 1), 65_535),
        ("redis://10.0.0.1:65535/15", .host("10.0.0.1", port: 65_535), 15),
        ("redis://[::1]", .host("::1", port: 6379), 0), ("redis://[fe80::1]:7000/2", .host("fe80::1", port: 7000), 2),
        ("/run/redis.sock", .socket(path: "/run/redis.sock"), 0),
        ("unix:///run/redis.sock", .socket(path: "/run/redis.sock"), 0),
        ("unix://:secret@/run/redis.sock?db=3", .socket(path: "/run/redis.sock"), 3),
    ]

    @Test(arguments: Self.places)
    func `reads where Redis is`(text: String, place: RedisAddress.Place, database: Int) throws {
        let address = try RedisAddress(text)
        #expect(address.place == place)
        #expect(address.database == database)
    }

    @Test(
        arguments: [
            ("redis://h", nil, nil), ("redis://ada:secret@h", "ada", "secret"), ("redis://:secret@h", nil, "secret"),
            ("redis://a%40b:p%3A%2F%25@h", "a@b", "p:/%"), ("redis://ada:se@cret@h", "ada", "se@cret"),
            ("redis://ada:se:cret@h", "ada", "se:cret"),
        ] as [(String, String?, String?)]
    )
    func `reads who we are`(text: String, user: String?, password: String?) throws {
        let address = try RedisAddress(text)
        #expect(address.user == user)
        #expect(address.password == password.map { Secret($0) })
        #expect(address.place == .host("h", port: 6379))
    }

    @Test(
        arguments: [
            "", "h", "h:6379", "redis:/h", "redis://", "redis:///1", "http://h", "rediss://h", "redis://h:",
            "redis://h:0",
            "redis://h:65536", "redis://h:+1", "redis://h:1x", "redis://::1", "redis://[::1", "redis://[::1]x",
            "redis://h/x", "redis://h/65536", "redis://h/-1", "redis://h/1/2", "redis://h?db=1", "redis://pass@h",
            "redis://ada:@h", "redis://ada:%zz@h", "redis://ada:%2@h", "redis://h h", "redis://h\n", "unix://run/x",
            "unix:///run/x?d=1", "unix:///run/x?db=", "/", "redis://[]:1",
        ]
    )
    func `refuses what is no address`(text: String) throws {
        let failure = #expect(throws: RedisError.self) { try RedisAddress(text) }
        guard case .misconfigured = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func `takes a path as long as the system does`() throws {
        let longest = "/" + String(repeating: "x", count: RedisAddress.pathLimitBytes - 1)
        #expect(try RedisAddress(longest).place == .socket(path: longest))
        #expect(throws: RedisError.self) { try RedisAddress(longest + "x") }
    }

    @Test func `never shows user or password`() throws {
        for text in [
            "redis://ada:hunter2@h/1", "redis://ada:hunter2@h:port", "redis://ada:hun%ter2@h", "ada:hunter2@h",
        ] {
            do {
                let address = try RedisAddress(text)
                #expect("\(address)" == "h:6379/1")
                #expect(!String(reflecting: address).contains("hunter2"))
            } catch {
                #expect(!"\(error)".contains("hun") && !"\(error)".contains("ada"))
            }
        }
        #expect("\(try RedisAddress("redis://[::1]:1"))" == "[::1]:1/0")
        #expect("\(try RedisAddress("/run/r"))" == "/run/r/0")
    }
}
