internal import NIOCore
internal import PosternPlatforms

/// Checking a request, from its headers to the verdict, as the gateway does it: with a body of 1 KiB for every platform,
/// and for one of them with others.
enum VerifyCases {
    private static let sizes = [256, 4096, 16_384, 65_536]

    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        var cases: [MeasuredCase] = []
        for name in try PlatformRequest.platforms() {
            cases.append(
                MeasuredCase("verify/\(name)") { () throws(CaseFailure) in Self.work(try PlatformRequest(name)) }
            )
        }
        for bytes in Self.sizes {
            cases.append(
                MeasuredCase("verify/github, \(bytes) B") { () throws(CaseFailure) in
                    Self.work(try PlatformRequest(try PlatformRequest.name("github"), bytes: bytes))
                }
            )
        }
        return cases
    }

    private static func work(_ request: PlatformRequest) -> MeasuredCase.Work {
        { (count: Int) throws(CaseFailure) in
            for _ in 0..<count { try Self.verify(request) }
        }
    }

    private static func verify(_ request: PlatformRequest) throws(CaseFailure) {
        let facts = RequestFacts(
            platform: request.platform,
            method: "POST",
            origin: PlatformRequest.origin,
            target: request.target
        )
        for (name, value) in request.headers { facts.note(name, value) }
        var verification = request.verifier.begin(facts)
        verification.update(request.body.readableBytesSpan)
        let body = verification.needsWholeBody ? Array(request.body.readableBytesView) : []
        let verdict = verification.finish(body: body, now: PlatformRequest.now)
        guard case .accepted = verdict else { throw .wrongResult("\(request.platform.name): \(verdict)") }
    }
}
