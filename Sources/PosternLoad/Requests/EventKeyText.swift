package import PosternModel

/// Turns numbers into event keys of one form: a part that this run alone has, and the number.
///
/// All texts of one value have the same length, so that a key can be exchanged for another in place.
package struct EventKeyText: Equatable, Sendable {
    /// What a key looks like, after the one it stands for.
    package enum Form: Equatable, Sendable {
        case uuid
        /// 28 hexadecimal digits.
        case hexadecimal
        /// 18 digits, which is still a 64-bit integer.
        case decimal
    }

    /// How many digits the number has.
    private static let digits = 12
    /// How many numbers one event loop may use before it would use another's.
    private static let loopShare: UInt64 = 1_000_000_000

    private let prefix: [UInt8]
    private let radix: UInt64

    /// Prepares the keys of a run.
    ///
    /// - Parameters:
    ///   - form: what they look like.
    ///   - run: what distinguishes this run's keys from every other's.
    package init(_ form: Form, run: UniqueID) {
        switch form {
        case .uuid:
            self.prefix = Array(run.description.utf8.dropLast(Self.digits))
            self.radix = 16
        case .hexadecimal:
            self.prefix = Array(run.description.utf8.filter { $0 != UInt8(ascii: "-") }.prefix(16))
            self.radix = 16
        case .decimal:
            // Six digits of the second the run began in: the same again after ten days.
            let seconds = UInt64(max(0, run.embeddedTime.seconds)) % 900_000
            self.prefix = Array(String(100_000 + seconds).utf8)
            self.radix = 10
        }
    }

    /// How long every key is, in bytes.
    package var count: Int { self.prefix.count + Self.digits }

    /// The first number of an event loop's own.
    package static func firstNumber(loop: Int) -> UInt64 { UInt64(max(0, loop)) * Self.loopShare }

    /// The key of a number.
    package func text(_ number: UInt64) -> [UInt8] {
        var text = self.prefix
        text.reserveCapacity(self.count)
        self.appendDigits(number, to: &text)
        return text
    }

    /// Appends the key of a number to `output`.
    package func append(_ number: UInt64, to output: inout [UInt8]) {
        output.append(contentsOf: self.prefix)
        self.appendDigits(number, to: &output)
    }

    /// Writes the key of a number over the one in `text`, which must be one of this value's own.
    package func replace(_ text: inout [UInt8], with number: UInt64) {
        precondition(text.count == self.count, "a key of \(text.count) bytes where \(self.count) are due")
        var rest = number
        var position = text.count - 1
        for _ in 0..<Self.digits {
            text[position] = Hexadecimal.digit(of: UInt8(truncatingIfNeeded: rest % self.radix))
            rest /= self.radix
            position -= 1
        }
    }

    private func appendDigits(_ number: UInt64, to output: inout [UInt8]) {
        let start = output.count
        for _ in 0..<Self.digits { output.append(UInt8(ascii: "0")) }
        var rest = number
        var position = output.count - 1
        while rest > 0, position >= start {
            output[position] = Hexadecimal.digit(of: UInt8(truncatingIfNeeded: rest % self.radix))
            rest /= self.radix
            position -= 1
        }
    }
}
