import PosternModel
import PosternPostgres
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    @Test func `a statement is prepared once and runs with binary parameters and results`() async throws {
        try await withConnection { connection in
            let addition = Statement("sum", "SELECT $1 + $2", [.int64, .int64])
            let count = Statement("count", "SELECT count(*) FROM pg_prepared_statements WHERE name = 'sum'")
            var parameters = ParameterBuffer()
            for value in Int64(0)..<3 {
                parameters.removeAll()
                parameters.append(value)
                parameters.append(Int64(40))
                let rows = try connection.query(addition, parameters, within: .seconds(5))
                #expect(rows.count == 1)
                #expect(rows.columnCount == 1)
                let sum = try rows.int64(0, 0)
                #expect(sum == value + 40)
            }
            let number = try connection.number(count)
            #expect(number == 1)
        }
    }

    @Test func `a syntax error is refused and leaves the connection usable`() async throws {
        try await withConnection { connection in
            let result = outcome { try connection.script("SELEC 1", within: .seconds(5)) }
            #expect(result == "refused 42601")
            try connection.script("SELECT 1", within: .seconds(5))
            let isUsable = connection.isUsable
            #expect(isUsable)
        }
    }

    @Test func `a statement that cannot be prepared is refused each time and is not remembered`() async throws {
        try await withConnection { connection in
            let statement = Statement("late", "SELECT count(*) FROM late_table")
            let result = outcome { try connection.query(statement, within: .seconds(5)) }
            #expect(result == "refused 42P01")
            try connection.script("CREATE TEMPORARY TABLE late_table (n int)", within: .seconds(5))
            let number = try connection.number(statement)
            #expect(number == 0)
        }
    }

    @Test func `a passed deadline cancels the statement on the server and keeps the connection`() async throws {
        try await withConnection { connection in
            let start = ContinuousClock.now
            let result = outcome { try connection.script("SELECT pg_sleep(30)", within: .milliseconds(200)) }
            #expect(result == "deadline")
            #expect(ContinuousClock.now - start >= .milliseconds(200))
            #expect(ContinuousClock.now - start < .seconds(5))
            let isUsable = connection.isUsable
            #expect(isUsable)
            try connection.script("SELECT 1", within: .seconds(5))
        }
    }

    @Test func `a deadline that has passed stops a call before anything is sent`() async throws {
        try await withConnection { connection in
            try connection.script("CREATE TEMPORARY TABLE unsent (n int)", within: .seconds(5))
            for limit in [Duration.zero, .seconds(-1)] {
                let result = outcome { try connection.script("INSERT INTO unsent VALUES (1)", within: limit) }
                #expect(result == "deadline")
            }
            let number = try connection.number(Statement("unsent", "SELECT count(*) FROM unsent"))
            #expect(number == 0)
        }
    }

    @Test(arguments: [1, 10, 100, 1000, 5000])
    func `a deadline right after sending cancels too`(microseconds: Int) async throws {
        try await withConnection { connection in
            for _ in 0..<10 {
                let result = outcome {
                    try connection.script("SELECT pg_sleep(30)", within: .microseconds(microseconds))
                }
                #expect(result == "deadline")
                let number = try connection.number(Statement("alive", "SELECT 1"))
                #expect(number == 1)
            }
        }
    }

    @Test func `a cancellation while idle stops the next call, and only that`() async throws {
        try await withConnection { connection in
            connection.cancelHandle.cancel()
            connection.cancelHandle.cancel()
            let result = outcome { try connection.script("SELECT 1", within: .seconds(5)) }
            #expect(result == "deadline")
            try connection.script("SELECT 1", within: .seconds(5))
        }
    }

    @Test func `a handle on another thread cancels the running call`() async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var connection = try Connection(configuration(address))
            let handle = connection.cancelHandle
            let pid = connection.backendPID
            let canceler = ConnectionThread.start(name: "canceler") {
                do {
                    var observer = try Connection(configuration(address))
                    let running = Statement(
                        "running",
                        "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'",
                        [.int32]
                    )
                    var parameters = ParameterBuffer()
                    parameters.append(pid)
                    while try observer.query(running, parameters, within: .seconds(5)).int64(0, 0) == 0 {}
                } catch {
                    Issue.record(error)
                }
                handle.cancel()
            }
            let result = outcome { try connection.script("SELECT pg_sleep(30)", within: .seconds(20)) }
            #expect(result == "deadline")
            _ = canceler
            let isUsable = connection.isUsable
            #expect(isUsable)
            try connection.script("SELECT 1", within: .seconds(5))
        }
    }

    @Test func `a connection ended while idle is noticed before the next call`() async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var idle = try Connection(configuration(address))
            var killer = try Connection(configuration(address))
            let before = idle.isStillThere()
            #expect(before)
            try killer.script("SELECT pg_terminate_backend(\(idle.backendPID), 20000)", within: .seconds(30))
            let deadline = ContinuousClock.now + .seconds(20)
            while idle.isStillThere() { try #require(ContinuousClock.now < deadline) }
            let isUsable = idle.isUsable
            #expect(!isUsable)
            let result = outcome { try idle.script("SELECT 1", within: .seconds(5)) }
            #expect(result == "unreachable")
        }
    }

    @Test func `several statements of a script are one transaction`() async throws {
        try await withConnection { connection in
            try connection.script("CREATE TEMPORARY TABLE scripted (n int)", within: .seconds(5))
            let result = outcome {
                try connection.script("INSERT INTO scripted VALUES (1); SELECT 1 / 0", within: .seconds(5))
            }
            #expect(result == "refused 22012")
            let count = Statement("scripted", "SELECT count(*) FROM scripted")
            let number = try connection.number(count)
            #expect(number == 0)
        }
    }

    @Test func `an empty script does nothing`() async throws {
        try await withConnection { connection in
            try connection.script("", within: .seconds(5))
            try connection.script(" -- nothing", within: .seconds(5))
        }
    }

    @Test func `a COPY makes the connection unusable, and it says so`() async throws {
        try await withConnection { connection in
            let result = outcome { try connection.script("COPY (SELECT 1) TO STDOUT", within: .seconds(5)) }
            #expect(result == "unreachable")
            let isUsable = connection.isUsable
            #expect(!isUsable)
        }
    }

    @Test func `rows of several megabytes arrive whole`() async throws {
        try await withConnection { connection in
            let large = Statement("large", "SELECT convert_to(repeat('x', 8000000), 'UTF8')")
            let bytes = try connection.query(large, within: .seconds(20)).bytes(0, 0)
            #expect(bytes.count == 8_000_000)
        }
    }

    /// A connection finds this setting in its session where the server's default is another.
    private static func expect(_ setting: String, _ found: String, whereServerHas serversOwn: String) async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var connection = try Connection(
                ConnectionConfiguration(address: "\(address) options='-c \(setting)=\(serversOwn)'")
            )
            let statement = Statement("setting", "SELECT current_setting('\(setting)')")
            #expect(try connection.query(statement, within: .seconds(5)).text(0, 0) == found)
        }
    }

    @Test(arguments: [
        ("off", "on"), ("local", "on"), ("remote_write", "on"), ("on", "on"), ("remote_apply", "remote_apply"),
    ])
    func `a commit waits for the disk at least, whatever the server's default is`(setting: String, found: String)
        async throws
    {
        try await Self.expect("synchronous_commit", found, whereServerHas: setting)
    }

    @Test(arguments: [("jit", "on", "off"), ("default_toast_compression", "pglz", "lz4")])
    func `nothing is compiled, and what is long is compressed fast, whatever the server's default is`(
        setting: String,
        serversOwn: String,
        found: String
    ) async throws {
        try await Self.expect(setting, found, whereServerHas: serversOwn)
    }

    @Test func `session settings hold for the connection`() async throws {
        let address = try TestDatabase.required().address
        try await onThread {
            var connection = try Connection(
                ConnectionConfiguration(
                    address: address,
                    applicationName: "postern tests",
                    sessionSettings: [("statement_timeout", "150ms"), ("app.current", "it's \"quoted\"")]
                )
            )
            let shown = Statement(
                "shown",
                "SELECT current_setting('application_name'), current_setting('app.current')"
            )
            let rows = try connection.query(shown, within: .seconds(5))
            let texts = [try rows.text(0, 0), try rows.text(0, 1)]
            #expect(texts == ["postern tests", "it's \"quoted\""])
            let result = outcome { try connection.script("SELECT pg_sleep(10)", within: .seconds(20)) }
            #expect(result == "retry 57014")
        }
    }

    @Test func `an unknown setting refuses the connection`() async throws {
        let address = try TestDatabase.required().address
        let result = await outcome {
            try await onThread {
                _ = try Connection(ConnectionConfiguration(address: address, sessionSettings: [("no_such", "1")]))
            }
        }
        #expect(result == "refused 42704")
    }

    @Test func `a changed table is a retry, and the retry prepares the statement again`() async throws {
        try await withConnection { connection in
            try connection.script("CREATE TEMPORARY TABLE changing (n int)", within: .seconds(5))
            let all = Statement("changing", "SELECT * FROM changing")
            let columns1 = try connection.query(all, within: .seconds(5)).columnCount
            #expect(columns1 == 1)
            try connection.script("ALTER TABLE changing ADD COLUMN more int", within: .seconds(5))
            let result = outcome { try connection.query(all, within: .seconds(5)) }
            #expect(result == "retry 0A000")
            let columns2 = try connection.query(all, within: .seconds(5)).columnCount
            #expect(columns2 == 2)
        }
    }

    @Test func `a statement dropped by DISCARD is a retry, and the retry prepares it again`() async throws {
        try await withConnection { connection in
            let one = Statement("one", "SELECT 1::bigint")
            _ = try connection.query(one, within: .seconds(5))
            try connection.script("DEALLOCATE ALL", within: .seconds(5))
            let result = outcome { try connection.query(one, within: .seconds(5)) }
            #expect(result == "retry 26000")
            let number = try connection.number(one)
            #expect(number == 1)
        }
    }
}
