import PosternModel
import PosternPlatforms
import Testing

/// Turns every accepted sample into forgeries.
@Suite struct ForgeryConformanceTests {
    @Test(arguments: try ShippedSample.accepted())
    func `another body is refused wherever the proof covers it`(shipped: ShippedSample) throws {
        let body = shipped.sample.request.body
        guard try #require(shipped.scheme).bindsBody, !body.isEmpty else { return }
        var forgeries = [body + Array("x".utf8), Array(body.dropLast())]
        for position in [0, body.count / 2, body.count - 1] {
            var forgery = body
            forgery[position] ^= 0x01
            forgeries.append(forgery)
        }
        for forgery in forgeries {
            guard case .refused = try shipped.verdict(body: forgery) else {
                Issue.record("accepted: \(String(decoding: forgery, as: UTF8.self))")
                continue
            }
        }
    }

    @Test(arguments: try ShippedSample.accepted())
    func `a body the proof does not cover can be exchanged, and the definition says so`(shipped: ShippedSample) throws {
        // Known weaknesses of these platforms, kept visible so that nobody mends them by accident.
        let scheme = try #require(shipped.scheme)
        guard !scheme.bindsBody, scheme.needsSecret, shipped.platform.name.text != "adyen" else { return }
        let text = String(decoding: shipped.sample.request.body, as: UTF8.self)
        guard text.hasPrefix("{") else { return }
        let forgery = Array(#"{"forged":true,"#.utf8) + Array(text.utf8.dropFirst())
        guard case .accepted = try shipped.verdict(body: forgery) else {
            Issue.record("refused, although the definition says that the body is not covered")
            return
        }
    }

    @Test(arguments: try ShippedSample.accepted())
    func `another secret is refused`(shipped: ShippedSample) throws {
        guard try #require(shipped.scheme).needsSecret else { return }
        // Valid text, hexadecimal and base64 alike.
        guard case .refused = try shipped.verdict(secret: "00112233445566778899aabbccddeeff") else {
            Issue.record("accepted")
            return
        }
    }

    @Test(arguments: try ShippedSample.accepted())
    func `each of several active secrets is enough`(shipped: ShippedSample) throws {
        guard try #require(shipped.scheme).needsSecret else { return }
        let secrets = shipped.sample.expectation.secrets.filter { $0.kind == SecretKind.signing }.flatMap(\.texts)
        #expect(!secrets.isEmpty)
        let accepted = try secrets.filter { secret in
            if case .accepted = try shipped.verdict(secret: secret) { true } else { false }
        }
        #expect(!accepted.isEmpty)
    }
}
