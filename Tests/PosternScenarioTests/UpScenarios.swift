import FoundationEssentials
import Glibc
import Testing

extension Scenarios {
    /// `postern up`: everything on one machine, for a first try.
    @Suite struct UpScenarios {
        private func events(_ installation: Installation) async throws -> [String] {
            let output = try await installation.scenario.command(
                "events",
                "list",
                "--org",
                "demo",
                "--data",
                installation.data,
                "--json"
            )
            return output.split(separator: "\n").map(String.init)
        }

        @Test func `up serves, send works, events show, Ctrl-C ends everything, and the next start keeps the data`()
            async throws
        {
            try await Installation.with { installation in
                let first = try await installation.up()
                let path = try installation.path(of: "meta", in: first)
                // The line that up prints to be pasted, but for the name of the program.
                let line = try #require(first.outputText.split(separator: "\n").first { $0.contains(" send ") })
                let words = line.split(separator: " ").drop { $0 != "send" }.map(String.init)
                let sent = try await installation.scenario.run(words)
                #expect(sent.succeeded, "\(words): \(sent.output) \(sent.errors)")
                let events = try await eventually("the event is listed") {
                    let events = try await self.events(installation)
                    return events.isEmpty ? nil : events
                }
                #expect(FileManager.default.fileExists(atPath: "\(installation.data)/sealing.key"))
                let mode = try FileManager.default.attributesOfItem(atPath: "\(installation.data)/sealing.key")[
                    .posixPermissions
                ]
                #expect(mode as? Int == 0o600)
                let server = try #require(installation.serverPID)
                let children = Installation.children(of: first.pid)
                #expect(children.count == 2)
                // As a terminal does it: to the whole group.
                first.signal(SIGINT, group: true)
                #expect(try await first.ended(within: .seconds(30)) == .exited(0), "\(first.errorText.suffix(1000))")
                #expect(!first.errorText.contains("POSTERN_KEY_FILE"), "the environment is nobody's business")
                for pid in children + [server] { #expect(!Installation.isRunning(pid)) }
                let second = try await installation.up()
                #expect(try installation.path(of: "meta", in: second) == path)
                #expect(try await self.events(installation) == events)
                second.signal(SIGINT)
                #expect(try await second.ended(within: .seconds(30)) == .exited(0), "\(second.errorText.suffix(1000))")
                #expect(installation.serverPID == nil)
            }
        }

        @Test func `a folder may have a blank and a quote in its name, and what is printed can be pasted`() async throws
        {
            try await Installation.with(data: "the user's data") { installation in
                let program = try await installation.up()
                #expect(try await self.events(installation).isEmpty)
                let quoted = "--data '\(installation.scenario.directory)/the user'\\''s data' --url"
                #expect(program.outputText.contains(quoted), "\(program.outputText)")
                program.signal(SIGINT, group: true)
                #expect(try await program.ended(within: .seconds(30)) == .exited(0))
            }
        }

        @Test func `up ends with a clear error when its port is taken, and leaves nothing running`() async throws {
            try await Installation.with { installation in
                let blocker = try PortBlocker()
                let program = try installation.scenario.launch(
                    ["up", "--data", installation.data, "--port", String(blocker.port)]
                )
                let ending = try await program.ended(within: .seconds(60))
                #expect(ending == .exited(1))
                #expect(program.errorText.contains(String(blocker.port)), "\(program.errorText.suffix(1000))")
                #expect(program.errorText.contains("another process does already"), "\(program.errorText.suffix(1000))")
                #expect(installation.serverPID == nil)
            }
        }

        @Test func `a second up, on the same folder or the same port, is refused and disturbs nothing`() async throws {
            try await Installation.with { installation in
                let first = try await installation.up()
                let same = try installation.launch()
                #expect(try await same.ended(within: .seconds(30)) == .exited(1))
                #expect(same.errorText.contains("[already_running]"), "\(same.errorText.suffix(1000))")
                // Sharing the port would send requests to either at random, and one does not know the endpoint.
                let other = try installation.scenario.launch([
                    "up", "--data", "\(installation.data)-2", "--port", String(installation.port),
                ])
                do {
                    #expect(try await other.ended(within: .seconds(20)) == .exited(1))
                    #expect(other.errorText.contains("another process does already"), "\(other.errorText.suffix(1000))")
                } catch {
                    // So that its PostgreSQL ends too.
                    other.signal(SIGTERM)
                    try await other.ended(within: .seconds(30))
                    throw error
                }
                #expect(try await HTTPRequest.get("/health/ready", from: installation.port).status == 200)
                #expect(first.ending == nil)
            }
        }

        @Test func `the children of a killed up end by themselves, and the next up works`() async throws {
            try await Installation.with { installation in
                let first = try await installation.up()
                let children = Installation.children(of: first.pid)
                #expect(children.count == 2)
                first.signal(SIGKILL)
                try await first.ended(within: .seconds(5))
                try await eventually("the children end", within: .seconds(25)) {
                    !children.contains(where: Installation.isRunning)
                }
                let second = try await installation.up()
                let path = try installation.path(of: "github", in: second)
                #expect(
                    try await HTTPRequest(target: path, body: [1]).send(to: installation.port).code
                        == "missing_signature"
                )
                second.signal(SIGTERM)
                #expect(try await second.ended(within: .seconds(30)) == .exited(0))
            }
        }

        @Test
        func `a killed child ends up with an error, which shows nothing of the environment, and PostgreSQL with it`()
            async throws
        {
            try await Installation.with { installation in
                let program = try await installation.up(settings: ["CANARY_PASSWORD": "canary-of-the-environment"])
                let children = Installation.children(of: program.pid)
                let victim = try #require(children.last)
                kill(victim, SIGKILL)
                #expect(try await program.ended(within: .seconds(30)) == .exited(1))
                #expect(program.errorText.contains("_failed]"), "\(program.errorText.suffix(1000))")
                #expect(!program.errorText.contains("canary"))
                #expect(!children.contains(where: Installation.isRunning))
                #expect(installation.serverPID == nil)
            }
        }

        @Test func `a data folder that cannot be used is a clear error with a code`() async throws {
            try await Scenario.with(.bare) { scenario in
                try TextFile.write("\(scenario.directory)/file", [])
                let long = "\(scenario.directory)/\(String(repeating: "d", count: 90))"
                for (data, code) in [
                    ("\(scenario.directory)/file/data", "data_not_writable"), ("/proc/postern", "data_not_writable"),
                    (long, "data_path_too_long"), ("\(scenario.directory)/a,b", "data_path_not_plain"),
                ] {
                    let outcome = try await scenario.run(["up", "--data", data])
                    #expect(outcome.ending == .exited(1), "\(outcome)")
                    #expect(outcome.errors.contains("[\(code)]"), "\(data): \(outcome.errors)")
                    #expect(outcome.errors.contains(data))
                }
            }
        }
    }
}
