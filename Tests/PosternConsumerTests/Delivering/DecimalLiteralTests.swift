import PosternConsumer
import Testing

@Suite struct DecimalLiteralTests {
    @Test(
        arguments: [
            ("1", "1.0"), ("1", "1e0"), ("10", "1e1"), ("10", "1E+1"), ("0.1", "1e-1"), ("-0.50", "-5e-1"),
            ("0", "-0"), ("0", "0.000e99"), ("0", "0e-5"), ("100", "1e2"), ("1200", "12e2"), ("0.0120", "1.2e-2"),
            ("1e0007", "10000000"), ("123456789012345678901234567890", "123456789012345678901234567890.0"),
        ]
    )
    func `knows equal values`(left: String, right: String) throws {
        let value = try #require(DecimalLiteral(left.utf8))
        #expect(value == DecimalLiteral(right.utf8))
    }

    @Test(
        arguments: [
            ("1", "-1"), ("1", "10"), ("1", "1.0000000000000000000000001"), ("1e2", "1e3"), ("0.1", "0.01"),
            ("12", "21"),
            ("123456789012345678901234567890", "123456789012345678901234567891"),
        ]
    )
    func `knows different values`(left: String, right: String) throws {
        let value = try #require(DecimalLiteral(left.utf8))
        #expect(try value != #require(DecimalLiteral(right.utf8)))
    }

    @Test(
        arguments: [
            "", "-", "+1", "01", "-01", ".5", "1.", "1e", "1e+", "e1", "1.e1", "1 ", " 1", "0x10", "1e1.5", "--1",
            "1e1000000000", "Infinity", "NaN", "1,5", "１",
        ]
    )
    func `refuses what is no number`(text: String) { #expect(DecimalLiteral(text.utf8) == nil) }

    @Test(arguments: ["1e999999999", "1e-999999999", "1e0000000000000000001"])
    func `takes exponents of nine digits`(text: String) { #expect(DecimalLiteral(text.utf8) != nil) }

    @Test func `takes any number of digits`() {
        let digits = String(repeating: "9", count: 100_000)
        #expect(DecimalLiteral(digits.utf8) == DecimalLiteral("\(digits).000e0".utf8))
        #expect(DecimalLiteral(digits.utf8) != DecimalLiteral("\(digits)9".utf8))
    }
}
