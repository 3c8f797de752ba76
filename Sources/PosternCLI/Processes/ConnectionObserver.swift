internal import NIOCore
internal import PosternHTTP
internal import PosternTelemetry

/// Counts what happens on the gateway's connections.
struct ConnectionObserver: HTTPServerObserver {
    let metrics: HTTPMetrics

    func connectionOpened() { self.metrics.connectionOpened() }
    func connectionRefused(_ refusal: Refusal) { self.metrics.connectionRefused(refusal.code) }
    func connectionClosed(_ end: ConnectionEnd) { self.metrics.connectionClosed(end.rawValue) }
    func requestRefused(_ refusal: Refusal) { self.metrics.requestRefused(refusal.code) }
    func requestAnswered(status: Int, duration: TimeAmount) {
        self.metrics.requestAnswered(status: status, nanoseconds: duration.nanoseconds)
    }
}
