internal import NIOCore
internal import PosternHTTP

/// A request for status on its way from an event loop to the task that asks the source.
struct StatusRequest: Sendable {
    /// What can be asked for.
    enum Subject: Sendable {
        case live
        case ready
        case health
        case stats
        case metrics

        /// The subject of a request path; `nil` for an unknown one.
        init?(path: Substring) {
            switch path {
            case "/health": self = .health
            case "/health/live": self = .live
            case "/health/ready": self = .ready
            case "/stats": self = .stats
            case "/metrics": self = .metrics
            default: return nil
            }
        }
    }

    /// What is asked for.
    let subject: Subject
    private let exchange: NIOLoopBound<Exchange>
    private let loop: any EventLoop

    /// Made on the exchange's loop.
    init(subject: Subject, exchange: Exchange) {
        self.subject = subject
        self.exchange = NIOLoopBound(exchange, eventLoop: exchange.eventLoop)
        self.loop = exchange.eventLoop
    }

    /// Sends the answer.
    ///
    /// Any thread.
    func answer(_ answer: PreparedAnswer) {
        self.loop.execute { self.exchange.value.answer(answer) }
    }
}
