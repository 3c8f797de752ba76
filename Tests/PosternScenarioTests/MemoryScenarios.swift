import Testing

extension Scenarios {
    /// What a process keeps in memory.
    @Suite struct MemoryScenarios {
        @Test func `a gateway gives back the code that only its start needed`() async throws {
            try await Scenario.with { scenario in
                let gateway = try await scenario.gateway()
                try await eventually("it has less than at the start") {
                    let fields = Self.status(of: gateway.process)
                    guard let most = fields["VmHWM"], let resident = fields["VmRSS"] else { return false }
                    return most - resident > 8 * 1024
                }
                #expect(try await HTTPRequest.get("/health/live", from: gateway.port).status == 200)
            }
        }

        /// The numbers of proc(5)'s `status`; those of memory are kibibytes.
        private static func status(of program: Program) -> [Substring: Int] {
            var fields: [Substring: Int] = [:]
            for line in TextFile.read("/proc/\(program.pid)/status").split(separator: "\n") {
                let words = line.split { $0 == ":" || $0 == "\t" || $0 == " " }
                if words.count > 1, let number = Int(words[1]) { fields[words[0]] = number }
            }
            return fields
        }
    }
}
