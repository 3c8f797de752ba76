internal import NIOCore
internal import NIOHTTP1
internal import PosternHTTP

/// Takes requests for status off the wire and hands them to the server's task.
///
/// Belongs to its event loop.
final class StatusResponder: RequestResponder {
    private let requests: AsyncStream<StatusRequest>.Continuation

    /// Sends what it takes into `requests`.
    init(requests: AsyncStream<StatusRequest>.Continuation) { self.requests = requests }

    func begin(_ head: RequestHead, exchange: Exchange) -> HeadDecision {
        guard let subject = StatusRequest.Subject(path: head.path) else {
            return .answer(
                PreparedAnswer(
                    status: .notFound,
                    text: """
                        {"success":false,"message":"There is nothing here.","code":"not_found","errors":[],\
                        "suggested_action":"Ask for /health, /health/live, /health/ready, /stats or /metrics."}
                        """
                )
            )
        }
        guard head.method == .GET || head.method == .HEAD else {
            return .answer(
                PreparedAnswer(
                    status: .methodNotAllowed,
                    text: """
                        {"success":false,"message":"Status is only read.","code":"method_not_allowed","errors":[],\
                        "suggested_action":"Use GET."}
                        """,
                    fields: [("Allow", "GET, HEAD")]
                )
            )
        }
        // A probe for life must not wait behind questions to a database that is away.
        if case .live = subject { return .answer(Self.alive) }
        switch self.requests.yield(StatusRequest(subject: subject, exchange: exchange)) {
        case .enqueued: return .read(limitBytes: 0)
        case .dropped, .terminated: return .answer(Self.busy)
        @unknown default: return .answer(Self.busy)
        }
    }

    func received(_ chunk: ByteBuffer, exchange: Exchange) {}

    func complete(_ exchange: Exchange) {}

    func aborted(_ exchange: Exchange, reason: AbortReason) {}

    private static let alive = PreparedAnswer(status: .ok, text: #"{"status":"ok"}"#)

    private static let busy = PreparedAnswer(
        status: .serviceUnavailable,
        text: """
            {"success":false,"message":"Too many questions at once.","code":"overloaded","errors":[],\
            "suggested_action":"Ask again in a second.","retry_after":1}
            """,
        fields: [("Retry-After", "1")]
    )
}
