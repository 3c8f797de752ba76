import PosternPostgres
import Synchronization

/// Senders at work: each connection posts one event after another and sends again what was not answered 200, as
/// platforms do.
final class Load: Sendable {
    private let book = Mutex(Ledger())
    private let isOver = Atomic(false)
    private let threads = Mutex<[ConnectionThread]>([])
    private let senders: [Sender]
    private let port: Int
    private let pause: Duration
    private let requestsPerConnection: Int
    private let name: String

    /// Begins.
    ///
    /// - `connections`: senders at the same time; they take turns over `senders`.
    /// - `pause`: after each request, so that the load leaves the machine to what is tested.
    /// - `requestsPerConnection`: after so many a sender connects anew.
    /// - `name`: makes the events' names differ from those of another load.
    init(
        _ senders: [Sender],
        to port: Int,
        connections: Int = 4,
        pause: Duration = .milliseconds(2),
        requestsPerConnection: Int = .max,
        name: String = "load"
    ) {
        self.senders = senders
        self.port = port
        self.pause = pause
        self.requestsPerConnection = requestsPerConnection
        self.name = name
        let threads = (0..<connections).map { number in
            ConnectionThread.start(name: "load-\(number)") { self.work(number) }
        }
        self.threads.withLock { held in held = threads }
    }

    /// What is known so far.
    var ledger: Ledger { self.book.withLock { book in book } }

    /// Waits until so many more requests were answered 200.
    func acknowledges(_ count: Int, within limit: Duration = .seconds(30)) async throws {
        let before = self.ledger.acknowledged.count
        do {
            try await eventually("\(count) requests more are acknowledged", within: limit) {
                self.ledger.acknowledged.count >= before + count
            }
        } catch let failure as ScenarioFailure {
            let now = self.ledger
            throw ScenarioFailure("\(failure); answers \(now.statuses), \(now.faults), \(now.lastRefusal ?? "")")
        }
    }

    /// Ends the load; each sender finishes the request it is at.
    func stop() async -> Ledger {
        self.isOver.store(true, ordering: .relaxed)
        for thread in self.threads.withLock({ threads in threads }) { await thread.join() }
        return self.ledger
    }

    private func work(_ number: Int) {
        guard let bell = try? WaitingBell() else { return }
        let sender = self.senders[number % self.senders.count]
        var event = 0
        var isDone = true
        while !self.isOver.load(ordering: .relaxed) {
            do {
                let connection = try HTTPConnection(port: self.port)
                for _ in 0..<self.requestsPerConnection {
                    guard !self.isOver.load(ordering: .relaxed) else { return }
                    if isDone { event += 1 }
                    isDone = false
                    isDone = try self.post(sender, "\(self.name)-\(number)-\(event)", connection)
                    // Nobody rings: it is a pause.
                    _ = bell.wait(within: isDone ? self.pause : .milliseconds(50))
                }
            } catch {
                let fault = error as? HTTPFault ?? .malformed("\(error)")
                self.book.withLock { book in book.faults[fault, default: 0] += 1 }
                _ = bell.wait(within: .milliseconds(20))
            }
        }
    }

    /// Posts one event; whether it was answered 200.
    private func post(_ sender: Sender, _ name: String, _ connection: HTTPConnection) throws -> Bool {
        let message = try sender.message(name)
        self.book.withLock { book in _ = book.attempted.insert(message.key) }
        try connection.send(message.request.bytes)
        let answer = try connection.answer()
        self.book.withLock { book in book.enter(answer, key: message.key) }
        return answer.status == 200
    }
}
