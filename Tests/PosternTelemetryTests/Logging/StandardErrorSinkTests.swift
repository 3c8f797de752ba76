import Glibc
import Logging
import PosternTelemetry
import Testing

@Suite struct StandardErrorSinkTests {
    @Test func `writes to standard error, whole lines only`() async throws {
        let result = try #require(
            await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
                let logger = Logger(label: "test") { LineLogHandler(label: $0, format: .text) }
                await withTaskGroup { group in
                    for task in 0..<4 {
                        group.addTask { for number in 0..<250 { logger.notice("line \(task * 250 + number)") } }
                    }
                }
                exit(0)
            }
        )
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        #expect(Set(lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }) == Set(0..<1000))
        #expect(lines.count == 1000)
    }
}
