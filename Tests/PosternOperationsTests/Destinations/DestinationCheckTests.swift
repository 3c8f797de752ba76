import PosternModel
import PosternOperations
import PosternStore
import Testing

@Suite struct DestinationCheckTests {
    private static let time = Timestamp(seconds: 1_795_219_200)

    private static func destination(url: String, allowsPrivate: Bool) -> DestinationRecord {
        DestinationRecord(
            id: DestinationID(UniqueID(high: 1, low: 1)),
            organization: OrganizationID(UniqueID(high: 2, low: 2)),
            organizationName: "acme",
            name: "shop",
            kind: .http,
            url: url,
            allowsPrivate: allowsPrivate,
            createdAt: Self.time,
            updatedAt: Self.time
        )
    }

    @Test func `gives a URL in its one spelling`() throws {
        let url = try DestinationCheck().url("HTTPS://Shop.Example:443", allowsPrivate: false)
        #expect(url == "https://shop.example/")
    }

    @Test(arguments: [
        "shop.example", "ftp://shop.example/", "https://", "https://user:password@shop.example/",
        "https://shop.example/#part", "https://shop.example/a b", "https://shöp.example/", "https://shop.example:0/",
        "https://127.0.0.1/", "http://[::1]:8080/", "https://2130706433/", "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://192.168.1.1/", "https://[fe80::1]/", "https://224.0.0.1/",
    ])
    func `refuses what requests must not go to`(url: String) throws {
        do {
            _ = try DestinationCheck().url(url, allowsPrivate: false)
            Issue.record("taken")
        } catch ConfigurationError.invalid(let field, _) {
            #expect(field == "url")
        }
    }

    @Test func `lets the operator allow private addresses, and no others`() throws {
        for url in ["http://127.0.0.1:8080/", "http://10.0.0.1/", "http://[fc00:0:0:0:0:0:0:1]/"] {
            let checked = try DestinationCheck().url(url, allowsPrivate: true)
            #expect(try DestinationCheck().url(checked, allowsPrivate: true) == checked)
        }
        #expect(throws: ConfigurationError.self) {
            try DestinationCheck().url("http://169.254.169.254/", allowsPrivate: true)
        }
    }

    @Test func `says how a private address can be allowed`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try DestinationCheck().url("http://10.0.0.1/", allowsPrivate: false)
        }
        #expect(try #require(error).description.contains("--allow-private"))
        let metadata = #expect(throws: ConfigurationError.self) {
            try DestinationCheck().url("http://169.254.169.254/", allowsPrivate: false)
        }
        #expect(try !#require(metadata).description.contains("--allow-private"))
    }

    @Test func `checks all of a new destination`() throws {
        let organization = OrganizationID(UniqueID(high: 2, low: 2))
        var new = NewDestination(
            organization: organization,
            name: "shop",
            url: "https://SHOP.example",
            signing: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            headers: [("Authorization", Secret("Bearer x"))]
        )
        #expect(try DestinationCheck().checked(new).url == "https://shop.example/")
        #expect(try DestinationCheck().checked(new).signing == new.signing)
        for signing in ["", "secret", "whsec_", "whsec_AAAA", "whsec_!"] {
            new.signing = Secret(signing)
            #expect(throws: ConfigurationError.self) { try DestinationCheck().checked(new) }
        }
        new.signing = nil
        for name in ["", "a b", "Host", "Content-Length", "webhook-id", "ce-type", "postern-test"] {
            new.headers = [(name, Secret("x"))]
            #expect(throws: ConfigurationError.self) { try DestinationCheck().checked(new) }
        }
        new.headers = [("X-Shop", Secret("a\r\nb"))]
        #expect(throws: ConfigurationError.self) { try DestinationCheck().checked(new) }
    }

    @Test func `checks a change against what stays`() throws {
        let check = DestinationCheck()
        let `private` = Self.destination(url: "http://10.0.0.1/", allowsPrivate: true)
        #expect(throws: ConfigurationError.self) {
            try check.checked(DestinationChange(allowsPrivate: false), of: `private`)
        }
        let moved = try check.checked(DestinationChange(url: "HTTP://10.0.0.2"), of: `private`)
        #expect(moved.url == "http://10.0.0.2/")
        let `public` = Self.destination(url: "https://shop.example/", allowsPrivate: false)
        #expect(throws: ConfigurationError.self) {
            try check.checked(DestinationChange(url: "http://10.0.0.1/"), of: `public`)
        }
        let opened = try check.checked(DestinationChange(url: "http://10.0.0.1/", allowsPrivate: true), of: `public`)
        #expect(opened.allowsPrivate == true)
        // What an older rule let in stands in the way of nothing else.
        #expect(
            try check.checked(DestinationChange(concurrency: 2), of: Self.destination(url: "x", allowsPrivate: false))
                == DestinationChange(concurrency: 2)
        )
    }
}
