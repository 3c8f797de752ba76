import PosternPostgres
import Synchronization

/// One request sent again and again on several connections, whatever is answered.
final class Flood: Sendable {
    /// What came back.
    struct Tally: Sendable {
        /// How many answers had each status.
        var statuses: [Int: Int] = [:]
        /// How many requests ended without an answer.
        var faults: [HTTPFault: Int] = [:]
        /// The last answer of each status.
        var samples: [Int: HTTPAnswer] = [:]

        /// Answers of a status.
        subscript(_ status: Int) -> Int { self.statuses[status, default: 0] }
    }

    private let book = Mutex(Tally())
    private let isOver = Atomic(false)
    private let threads = Mutex<[ConnectionThread]>([])

    /// Begins.
    ///
    /// - `connections`: senders at the same time.
    /// - `pause`: of each sender between an answer and its next request.
    init(_ request: HTTPRequest, to port: Int, connections: Int = 4, pause: Duration? = nil) {
        let threads = (0..<connections).map { number in
            ConnectionThread.start(name: "flood-\(number)") { self.work(request, port, pause) }
        }
        self.threads.withLock { held in held = threads }
    }

    /// What came back so far.
    var tally: Tally { self.book.withLock { book in book } }

    /// Ends the flood; each sender finishes the request it is at.
    @discardableResult
    func stop() async -> Tally {
        self.isOver.store(true, ordering: .relaxed)
        for thread in self.threads.withLock({ threads in threads }) { await thread.join() }
        return self.tally
    }

    private func work(_ request: HTTPRequest, _ port: Int, _ pause: Duration?) {
        guard let bell = try? WaitingBell() else { return }
        let bytes = request.bytes
        while !self.isOver.load(ordering: .relaxed) {
            do {
                let connection = try HTTPConnection(port: port)
                while !self.isOver.load(ordering: .relaxed) {
                    try connection.send(bytes)
                    let answer = try connection.answer()
                    self.book.withLock { book in
                        book.statuses[answer.status, default: 0] += 1
                        book.samples[answer.status] = answer
                    }
                    if let pause { _ = bell.wait(within: pause) }
                    if answer["Connection"] == "close" { break }
                }
            } catch {
                self.book.withLock { book in book.faults[error, default: 0] += 1 }
                _ = bell.wait(within: .milliseconds(20))
            }
        }
    }
}
