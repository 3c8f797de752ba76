import PosternModel
import PosternOutbound
import Testing

@Suite struct AttemptVerdictTests {
    @Test(
        arguments: [
            (200, .delivered), (204, .delivered), (299, .delivered),
            (300, .permanent(reason: "http_3xx")), (301, .permanent(reason: "http_3xx")),
            (400, .permanent(reason: "http_4xx")), (404, .permanent(reason: "http_4xx")),
            (408, .transient(reason: "http_408")), (409, .permanent(reason: "http_4xx")), (410, .gone),
            (413, .permanent(reason: "http_4xx")), (425, .transient(reason: "http_425")),
            (429, .transient(reason: "http_429")), (499, .permanent(reason: "http_4xx")),
            (500, .transient(reason: "http_5xx")), (503, .transient(reason: "http_5xx")),
            (599, .transient(reason: "http_5xx")), (600, .permanent(reason: "http_6xx")),
            (101, .permanent(reason: "http_1xx")), (0, .permanent(reason: "http_0xx")),
            (Int.max, .permanent(reason: "http_9xx")), (Int.min, .permanent(reason: "http_0xx")),
        ] as [(Int, AttemptVerdict)]
    )
    func `follows the status`(status: Int, verdict: AttemptVerdict) {
        #expect(AttemptVerdict(Self.answer(.answered(status: status))) == verdict)
    }

    @Test(arguments: OutboundFailure.allCases)
    func `gives up only where no attempt can do better`(failure: OutboundFailure) {
        let isPermanent = [.refusedAddress, .bodyGone, .request].contains(failure)
        #expect(
            AttemptVerdict(Self.answer(.failed(failure, detail: "")))
                == (isPermanent ? .permanent(reason: failure.rawValue) : .transient(reason: failure.rawValue))
        )
    }

    private static func answer(_ result: OutboundAnswer.Result) -> OutboundAnswer {
        OutboundAnswer(result: result, retryAfter: nil, text: "", startedAt: Timestamp(seconds: 0), duration: .zero)
    }
}
