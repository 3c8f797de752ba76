import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct ListenTests {
    @Test func `a notification arrives with its channel and payload`() async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var listener = try Connection(configuration(address))
            var sender = try Connection(configuration(address))
            try listener.listen("Mixed \"Case\"")
            try sender.script("NOTIFY \"Mixed \"\"Case\"\"\", 'payload'; NOTIFY other, 'x'", within: .seconds(5))
            let arrived = try listener.notifications(within: .seconds(10))
            #expect(arrived == [Notification(channel: "Mixed \"Case\"", payload: "payload")])
        }
    }

    @Test func `notifications of one transaction come together and in order`() async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var listener = try Connection(configuration(address))
            var sender = try Connection(configuration(address))
            try listener.listen("ordered")
            try sender.script(
                "BEGIN; NOTIFY ordered, '1'; NOTIFY ordered, '2'; NOTIFY ordered; COMMIT",
                within: .seconds(5)
            )
            var arrived: [String] = []
            while arrived.count < 3 { arrived += try listener.notifications(within: .seconds(10)).map(\.payload) }
            #expect(arrived == ["1", "2", ""])
        }
    }

    @Test func `notifications that came during a statement are not lost`() async throws {
        try await withConnection { connection in
            try connection.listen("self")
            try connection.script("NOTIFY self, 'mine'", within: .seconds(5))
            try connection.script("SELECT 1", within: .seconds(5))
            let arrived = try connection.notifications(within: .zero)
            #expect(arrived.map(\.payload) == ["mine"])
        }
    }

    @Test func `silence gives nothing after the time`() async throws {
        try await withConnection { connection in
            try connection.listen("silent")
            let start = ContinuousClock.now
            let arrived = try connection.notifications(within: .milliseconds(100))
            #expect(arrived.isEmpty)
            #expect(ContinuousClock.now - start >= .milliseconds(100))
        }
    }

    @Test func `a cancellation ends the wait and nothing else`() async throws {
        try await withConnection { connection in
            try connection.listen("canceled")
            let handle = connection.cancelHandle
            _ = ConnectionThread.start(name: "canceler") { handle.cancel() }
            let arrived = try connection.notifications(within: .seconds(50))
            #expect(arrived.isEmpty)
            try connection.script("SELECT 1", within: .seconds(5))
        }
    }

    @Test func `a connection ended by an administrator throws`() async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var listener = try Connection(configuration(address))
            try listener.listen("ended")
            let pid = listener.backendPID
            var killer = try Connection(configuration(address))
            try killer.script("SELECT pg_terminate_backend(\(pid))", within: .seconds(5))
            let result = outcome {
                while true { _ = try listener.notifications(within: .seconds(10)) }
            }
            #expect(result == "unreachable")
            let isUsable = listener.isUsable
            #expect(!isUsable)
            let later = outcome { try listener.notifications(within: .seconds(10)) }
            #expect(later == "unreachable")
        }
    }
}
