import PosternModel
import PosternPlatforms
import Testing

/// One header value and the verdict it leads to; the body is `hello`, the secret `secret`.
struct SyntaxCase: Sendable, CustomTestStringConvertible {
    let value: String?
    let failure: VerificationFailure?

    init(_ value: String?, _ failure: VerificationFailure?) {
        self.value = value
        self.failure = failure
    }

    var testDescription: String { "\(self.value ?? "no header") → \(self.failure?.rawValue ?? "accepted")" }
}

/// Codes made with Python's hmac module.
@Suite struct SignatureSyntaxTests {
    private static let hex = "88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"
    private static let upper = "88AAB3EDE8D3ADF94D26AB90D3BAFD4A2083070C3BCCE9C014EE04A443847C0B"
    private static let base64 = "iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs="
    private static let unpadded = "iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs"
    private static let wrong = "98aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"
    private static let timed = "639724b6f19aaf2dbe9cc5d8bea2c9f63dcba5b62d059ec00ff30362fd4bf359"
    private static let sha1 = "5112055c05f944f85755efc5cd8970e194e9f45b"
    private static let sha512 =
        "db1595ae88a62fd151ec1cba81b98c39df82daae7b4cb9820f446d5bf02f1dcf"
        + "ca6683d88cab3e273f5963ab8ec469a746b5b19086371239f67d1e5f99a79440"

    private func expect(_ endpoint: TestEndpoint, _ example: SyntaxCase) {
        let verdict = endpoint.verify(example.value.map { ["x-sig": $0] } ?? [:])
        switch verdict {
        case .accepted(let secret, _, let redactions):
            #expect(example.failure == nil)
            #expect(secret == TestEndpoint.ids[0])
            #expect(redactions.isEmpty)
        case .refused(let failure): #expect(failure == example.failure)
        }
    }

    @Test(arguments: [
        SyntaxCase(Self.hex, nil), .init(Self.upper, nil), .init(nil, .missingSignature), .init("", .missingSignature),
        .init(Self.wrong, .signatureMismatch), .init("zz", .signatureMismatch),
        .init(String(Self.hex.dropLast()), .signatureMismatch), .init(String(Self.hex.dropLast(2)), .signatureMismatch),
        .init(Self.hex + "00", .signatureMismatch), .init(" " + Self.hex, .signatureMismatch),
        .init("sha256=" + Self.hex, .signatureMismatch), .init(Self.base64, .signatureMismatch),
        .init(String(repeating: "ab", count: 500), .signatureMismatch),
    ])
    func `reads plain hexadecimal`(_ example: SyntaxCase) throws {
        let scheme = "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {header: X-Sig}\nmessage: [body]"
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: [
        SyntaxCase(Self.base64, nil), .init(Self.unpadded, nil), .init(Self.hex, .signatureMismatch),
        .init(Self.base64 + "=", .signatureMismatch), .init("=", .signatureMismatch), .init("!", .signatureMismatch),
    ])
    func `reads base64`(_ example: SyntaxCase) throws {
        let scheme = "kind: hmac\ndigest: sha256\nencoding: base64\nsignature: {header: X-Sig}\nmessage: [body]"
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: [
        SyntaxCase("v0=" + Self.hex, nil), .init(Self.hex, .malformedSignature),
        .init("V0=" + Self.hex, .malformedSignature),
        .init("v0=", .signatureMismatch), .init("v0", .malformedSignature),
        .init("v0=" + Self.wrong, .signatureMismatch),
        .init("", .missingSignature),
    ])
    func `asks for a required prefix`(_ example: SyntaxCase) throws {
        let scheme =
            "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {header: X-Sig, prefix: \"v0=\"}\nmessage: [body]"
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: [
        SyntaxCase("p=" + Self.hex, nil), .init(Self.hex, nil), .init("q=" + Self.hex, .signatureMismatch),
    ])
    func `strips an optional prefix`(_ example: SyntaxCase) throws {
        let scheme =
            "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {header: X-Sig, optional_prefix: \"p=\"}\nmessage: [body]"
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: [
        SyntaxCase("sha1=" + Self.sha1, nil), .init("sha256=" + Self.hex, nil), .init("sha512=" + Self.sha512, nil),
        .init("sha384=" + Self.hex, .malformedSignature), .init(Self.hex, .malformedSignature),
        .init("sha1=" + Self.hex, .signatureMismatch), .init("sha256=" + Self.sha1, .signatureMismatch),
        .init("md5=" + Self.hex, .malformedSignature), .init("sha256", .malformedSignature),
        .init("sha256:" + Self.hex, .malformedSignature),
    ])
    func `lets the prefix choose among the listed hash functions`(_ example: SyntaxCase) throws {
        let scheme = """
            kind: hmac
            digest: from-prefix
            digests: [sha1, sha256, sha512]
            encoding: hex
            signature: {header: X-Sig}
            message: [body]
            """
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: ["sha1=" + Self.sha1, "sha256=" + Self.hex, "sha512=" + Self.sha512])
    func `lets the prefix choose under an older secret too`(value: String) throws {
        let scheme = """
            kind: hmac
            digest: from-prefix
            digests: [sha1, sha256, sha512]
            encoding: hex
            signature: {header: X-Sig}
            message: [body]
            """
        let endpoint = try TestEndpoint(scheme, secrets: ["newest", "secret", "oldest"])
        let verdict = endpoint.verify(["X-Sig": value])
        #expect(verdict == .accepted(secret: TestEndpoint.ids[1], signedTime: nil, redactions: []))
    }

    @Test(arguments: [
        SyntaxCase("t=1000000,v1=" + Self.timed, nil), .init("v1=\(Self.timed),t=1000000", nil),
        .init("t=1000000, v1=" + Self.timed, nil), .init("t=1000000,v1=\(Self.wrong),v1=\(Self.timed)", nil),
        .init("t=1000000,v1=dummy,v0=x,v1=\(Self.timed)", nil), .init(",t=1000000,,v1=\(Self.timed),", nil),
        .init("t=1000000,v0=" + Self.timed, .missingSignature), .init("t=1000000", .missingSignature),
        .init("garbage", .malformedSignature), .init("t=1000000,v1=", .signatureMismatch),
        .init("v1=" + Self.timed, .malformedSignature), .init("t=,v1=" + Self.timed, .malformedSignature),
        .init("t=1e6,v1=" + Self.timed, .malformedSignature), .init("t=-5,v1=" + Self.timed, .malformedSignature),
        .init("t=1000001,v1=" + Self.timed, .signatureMismatch),
        // The first time counts, so that the one that is checked is the one that is hashed.
        .init("t=1,t=1000000,v1=" + Self.timed, .signatureMismatch),
        .init("t=1000000,t=1,v1=" + Self.timed, nil), .init("T=1000000,V1=" + Self.timed, .missingSignature),
    ])
    func `reads lists of keys and values`(_ example: SyntaxCase) throws {
        let scheme = """
            kind: hmac
            digest: sha256
            encoding: hex
            signature: {header: X-Sig, list: {separator: ",", key: v1}}
            timestamp: {list: t, unit: s, past_seconds: 300}
            message: [timestamp, {literal: "."}, body]
            """
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: [
        SyntaxCase("v1," + Self.base64, nil), .init("v1a,xyz v1,\(Self.base64)", nil),
        .init("v1,AAAA v1,\(Self.base64) v2,x", nil), .init("v1,!! v1,\(Self.base64)", nil),
        .init("v2," + Self.base64, .missingSignature), .init(Self.base64, .malformedSignature),
        .init("v1 \(Self.base64)", .malformedSignature), .init("v1,", .signatureMismatch),
        .init("  ", .malformedSignature),
    ])
    func `reads lists of tags`(_ example: SyntaxCase) throws {
        let scheme = """
            kind: hmac
            digest: sha256
            encoding: base64
            signature: {header: X-Sig, tags: {separator: " ", tag: v1}}
            message: [body]
            """
        self.expect(try TestEndpoint(scheme), example)
    }

    @Test(arguments: [
        (["X-Sig-1": Self.hex], true), (["X-Sig-100": Self.hex], true),
        (["X-Sig-2": Self.wrong, "X-Sig-3": Self.hex], true),
        (["X-Sig-0": Self.hex], false), (["X-Sig-101": Self.hex], false), (["X-Sig-01": Self.hex], false),
        (["X-Sig-": Self.hex], false), (["X-Sig-1a": Self.hex], false), (["X-Sig": Self.hex], false),
    ])
    func `tries every numbered header from 1 to 100`(headers: [String: String], accepted: Bool) throws {
        let scheme = "kind: hmac\ndigest: sha256\nencoding: hex\nsignature: {numbered_header: X-Sig-}\nmessage: [body]"
        let verdict = try TestEndpoint(scheme).verify(headers)
        #expect((verdict == .refused(.missingSignature)) == !accepted)
        if accepted {
            #expect(verdict == .accepted(secret: TestEndpoint.ids[0], signedTime: nil, redactions: []))
        }
    }
}
