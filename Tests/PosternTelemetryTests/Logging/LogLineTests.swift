import Logging
import PosternModel
import PosternTelemetry
import Testing

@Suite struct LogLineTests {
    private static let time = Timestamp(seconds: 1_795_244_400)

    private func line(
        _ format: LogFormat,
        label: String = "gateway",
        message: String = "writer ready",
        _ metadata: Logger.Metadata = [:]
    ) -> String {
        let line = LogLine(
            time: Self.time,
            level: .notice,
            label: label,
            message: message,
            metadata: metadata
        )
        return String(decoding: line.bytes(format), as: UTF8.self)
    }

    @Test func `writes text with sorted pairs`() {
        #expect(
            self.line(.text, ["writer": "5", "error": "no route to host", "empty": "", "list": ["a", "b c"]])
                == "\(Self.time) notice gateway: writer ready empty=\"\" error=\"no route to host\" "
                + "list=\"[a,b c]\" writer=5\n"
        )
    }

    @Test func `writes JSON with sorted members`() {
        #expect(
            self.line(
                .json,
                ["writer": .stringConvertible(5), "nested": ["b": "2", "a": ["x", "y"]], "level": "mine"]
            ) == """
                {"time":"\(Self.time)","level":"notice","logger":"gateway","message":"writer ready",\
                "level_":"mine","nested":{"a":["x","y"],"b":"2"},"writer":"5"}

                """
        )
    }

    private static let hostile: [(String, String)] = [
        ("a\nb", "a\\nb"), ("a\r\nb", "a\\r\\nb"), ("a\tb", "a\\tb"), ("a\u{1B}[31mb", "a\\u001b[31mb"),
        ("a\u{0}b", "a\\u0000b"), ("a\u{7F}b", "a\\u007fb"), ("a\u{9B}b", "a\\u009bb"), ("a\u{2028}b", "a\\u2028b"),
        ("a\\b", "a\\\\b"), ("ä€😀", "ä€😀"),
    ]

    @Test(arguments: Self.hostile)
    func `keeps any text on its line`(text: String, escaped: String) {
        for format in LogFormat.allCases {
            let line = self.line(format, label: text, message: text, [text: .string(text)])
            #expect(line.unicodeScalars.count { $0.value < 0x20 } == 1)
            #expect(line.hasSuffix("\n"))
            #expect(line.contains(escaped))
        }
    }

    @Test func `quotes what could be taken for something else`() {
        #expect(self.line(.text, ["a": "b=c"]).hasSuffix(" a=\"b=c\"\n"))
        #expect(self.line(.text, ["a": "say \"b\""]).hasSuffix(" a=\"say \\\"b\\\"\"\n"))
        #expect(self.line(.text, ["a b": "c"]).hasSuffix(" \"a b\"=c\n"))
        #expect(self.line(.json, message: "say \"b\"").contains("\"message\":\"say \\\"b\\\"\""))
    }
}
