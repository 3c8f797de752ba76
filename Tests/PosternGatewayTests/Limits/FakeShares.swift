import PosternGateway
import PosternLimits
import PosternModel
import Synchronization

/// A store that answers as a test wants it to, and remembers what it was told.
final class FakeShares: ShareStore, ShareRegister {
    struct State {
        var answer = ShareAnswer(entries: [], gateways: [], epoch: 0)
        var failure: ShareError?
        var told: [[ShareReport]] = []
        var left: [[ShareReport]] = []
        var declared: [String] = []
        var others: [String] = []
        var renewals = 0
        var meanwhile: @Sendable () -> Void = {}
    }

    let name: String
    let interval: Duration
    let state = Mutex(State())

    init(_ name: String, interval: Duration = .milliseconds(200)) {
        self.name = name
        self.interval = interval
    }

    var preferredName: String { self.name }

    /// What was told last.
    var lastTold: [ShareReport] { self.state.withLock { $0.told.last ?? [] } }

    func answer(_ entries: [ShareEntry] = [], gateways: [UniqueID], epoch: Int64 = 0) {
        self.state.withLock { $0.answer = ShareAnswer(entries: entries, gateways: gateways, epoch: epoch) }
    }

    func fail(_ failure: ShareError?) { self.state.withLock { $0.failure = failure } }

    func exchange(_ reports: [ShareReport]) async throws(ShareError) -> ShareAnswer {
        let (failure, answer, meanwhile) = self.state.withLock { state in
            state.told.append(reports)
            return (state.failure, state.answer, state.meanwhile)
        }
        meanwhile()
        if let failure { throw failure }
        return answer
    }

    func renew() async { self.state.withLock { $0.renewals += 1 } }

    func leave(_ reports: [ShareReport]) async throws(ShareError) {
        let failure = self.state.withLock { state in
            state.left.append(reports)
            return state.failure
        }
        if let failure { throw failure }
    }

    func declare(_ shares: String) { self.state.withLock { $0.declared.append(shares) } }

    func register() async throws(ShareError) -> [String] {
        let (failure, others) = self.state.withLock { ($0.failure, $0.others) }
        if let failure { throw failure }
        return others
    }
}
