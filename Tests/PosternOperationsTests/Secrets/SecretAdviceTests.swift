import PosternModel
import PosternOperations
import PosternStore
import Testing

@Suite struct SecretAdviceTests {
    private static let now = Timestamp(seconds: 1_795_219_200)

    private static func use(
        _ matches: Int64,
        lastAgo: Duration? = nil,
        kind: String = "signing",
        expiresIn: Duration? = nil
    ) -> SecretUse {
        SecretUse(
            id: SecretID(UniqueID(high: 0, low: 1)),
            kind: kind,
            createdAt: Self.now,
            expiresAt: expiresIn.map { Self.now.advanced(by: $0) },
            revokedAt: nil,
            lastMatchedAt: lastAgo.map { Self.now.advanced(by: .zero - $0) },
            matchesIn24Hours: matches
        )
    }

    private static func codes(_ uses: SecretUse...) -> [String] {
        SecretAdvice.judge(uses, now: Self.now).map(\.code)
    }

    @Test func `one secret is in use, quiet, or never matched`() {
        #expect(Self.codes(Self.use(3, lastAgo: .seconds(60))) == ["in_use"])
        #expect(Self.codes(Self.use(0, lastAgo: .seconds(200_000))) == ["quiet"])
        #expect(Self.codes(Self.use(0)) == ["never_matched"])
        #expect(SecretAdvice.judge([], now: Self.now).isEmpty)
    }

    @Test func `an old secret is safe to retire only once a newer one proves requests and it does not`() {
        let fresh = Self.use(5, lastAgo: .seconds(60))
        let idle = Self.use(0, lastAgo: .seconds(200_000), expiresIn: .seconds(1))
        let busy = Self.use(2, lastAgo: .seconds(60), expiresIn: .seconds(1))
        #expect(Self.codes(fresh, idle) == ["in_use", "safe_to_retire"])
        #expect(Self.codes(fresh, busy) == ["in_use", "still_used"])
        #expect(Self.codes(Self.use(0), idle) == ["never_matched", "wait_for_newer"])
        #expect(Self.codes(Self.use(0), busy) == ["never_matched", "still_used"])
        #expect(Self.codes(Self.use(0), busy, idle) == ["never_matched", "still_used", "safe_to_retire"])
    }

    @Test func `an expired secret proves nothing, from the very moment on`() {
        let fresh = Self.use(5, lastAgo: .seconds(60))
        #expect(Self.codes(fresh, Self.use(2, lastAgo: .seconds(60), expiresIn: .zero)) == ["in_use", "expired"])
        #expect(
            Self.codes(fresh, Self.use(0, expiresIn: .microseconds(1))) == ["in_use", "safe_to_retire"]
        )
        // What an expired one proved says nothing of those before it.
        #expect(
            Self.codes(Self.use(9, lastAgo: .seconds(60), expiresIn: .zero), Self.use(0)) == [
                "expired", "never_matched",
            ]
        )
    }

    @Test func `secrets of handshakes are not judged and do not count`() {
        let token = Self.use(0, kind: "verify_token")
        #expect(Self.codes(token, Self.use(4, lastAgo: .zero)) == ["not_counted", "in_use"])
    }

    @Test func `the text says what to do`() {
        #expect(SecretAdvice.safeToRetire.text == "old secret: 0 matches in 24 h, safe to retire")
        #expect(SecretAdvice.neverMatched.text == "never matched yet")
        #expect(
            SecretAdvice.stillUsed(matches: 7, last: Self.now).text
                == "still used: 7 matches in 24 h, last \(Self.now), do not retire yet"
        )
    }
}
