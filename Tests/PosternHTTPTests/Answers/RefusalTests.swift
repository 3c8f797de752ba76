import NIOCore
import NIOHTTP1
import PosternHTTP
import Testing

@Suite struct RefusalTests {
    private static let all: [(Refusal, UInt)] = [
        (.malformedRequest, 400), (.unsupportedVersion, 505), (.targetTooLong, 414), (.headersTooLarge, 431),
        (.unsupportedTransferEncoding, 501), (.unknownExpectation, 417), (.bodyTooLarge(limitBytes: 10), 413),
        (.headTimeout, 408), (.bodyTimeout, 408), (.answerOverdue, 503), (.tooManyConnections, 503),
        (.tooManyConnectionsFromAddress, 429),
    ]

    @Test(arguments: Self.all)
    func `has its status, and words that need no escapes`(refusal: Refusal, status: UInt) {
        #expect(refusal.status.code == status)
        for text in [refusal.code, refusal.message, refusal.suggestedAction] {
            #expect(!text.isEmpty)
            #expect(
                text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            )
        }
        #expect(
            refusal.code.utf8.allSatisfy {
                $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
        )
    }

    @Test func `has a code of its own in every case`() {
        #expect(Set(Self.all.map(\.0.code)).count == Self.all.count)
    }

    @Test func `answers in the shape of all answers`() {
        #expect(
            String(buffer: Refusal.bodyTooLarge(limitBytes: 10).preparedAnswer.body) == """
                {"success":false,"message":"The body is larger than 10 bytes.","code":"body_too_large","errors":[],\
                "suggested_action":"Send a smaller body."}
                """
        )
        #expect(String(buffer: Refusal.tooManyConnections.preparedAnswer.body).hasSuffix(",\"retry_after\":5}"))
    }
}
