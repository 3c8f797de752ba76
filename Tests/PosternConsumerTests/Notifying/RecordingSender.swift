import PosternConsumer
import PosternStore
import Synchronization

/// Keeps the alerts it is given, and fails as often as a test wants.
final class RecordingSender: AlertSender {
    /// One alert.
    struct Alert: Sendable {
        let destination: String
        let contentType: String
        let text: String
    }

    private let state: Mutex<(alerts: [Alert], failing: Set<String>)>

    /// `failing`: the names of destinations that take nothing.
    init(failing: Set<String> = []) { self.state = Mutex(([], failing)) }

    /// What was taken so far.
    var alerts: [Alert] { self.state.withLock { $0.alerts } }

    /// From now on everything is taken.
    func recover() { self.state.withLock { $0.failing = [] } }

    func post(_ body: [UInt8], contentType: String, to destination: DestinationRecord) async -> String? {
        self.state.withLock { state in
            if state.failing.contains(destination.name) { return "http_5xx" }
            state.alerts.append(
                Alert(
                    destination: destination.name,
                    contentType: contentType,
                    text: String(decoding: body, as: UTF8.self)
                )
            )
            return nil
        }
    }
}
