import PosternTelemetry
import Testing

@Suite struct LogKeyTests {
    @Test(arguments: LogKey.allCases)
    func `is written in lower case with underscores`(key: LogKey) {
        #expect(
            key.rawValue.utf8.allSatisfy {
                $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
        )
        #expect(!["time", "level", "logger", "message"].contains(key.rawValue))
    }

    @Test func `has the words of the field`() {
        for word in ["delivery_id", "organization", "platform", "lane", "attempt", "sqlstate", "error"] {
            #expect(LogKey(rawValue: word) != nil)
        }
    }
}
