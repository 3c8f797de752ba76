/// Writes one JSON text, compact, in the order of the calls.
///
/// Commas are the writer's business, balance is the caller's: a value, or `name` and a value, may stand wherever the
/// grammar allows one.
package struct JSONWriter: Sendable {
    /// What has been written.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    /// Starts an empty text.
    ///
    /// - Parameter capacity: how many bytes to make room for.
    package init(capacity: Int = 256) {
        self.bytes = []
        self.bytes.reserveCapacity(max(0, capacity))
    }

    /// What has been written, as a string.
    package var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// Opens an object.
    package mutating func beginObject() { self.open(UInt8(ascii: "{")) }

    /// Closes the object opened last.
    package mutating func endObject() { self.close(UInt8(ascii: "}")) }

    /// Opens an array.
    package mutating func beginArray() { self.open(UInt8(ascii: "[")) }

    /// Closes the array opened last.
    package mutating func endArray() { self.close(UInt8(ascii: "]")) }

    /// Writes a member's name; its value is the next call.
    package mutating func name(_ name: String) {
        self.separate()
        self.quote(name.utf8)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    /// Writes a string.
    package mutating func string(_ text: some StringProtocol) {
        self.separate()
        self.quote(text.utf8)
    }

    /// Writes bytes as a string; what is not UTF-8 becomes U+FFFD.
    package mutating func string(utf8 bytes: some Collection<UInt8>) {
        self.string(String(decoding: bytes, as: UTF8.self))
    }

    /// Writes a whole number.
    package mutating func integer(_ value: some BinaryInteger) { self.raw(String(value).utf8) }

    /// Writes a number with a fraction; what JSON has no word for (infinity, not-a-number) becomes `null`.
    package mutating func number(_ value: Double) {
        if value.isFinite { self.raw(value.description.utf8) } else { self.null() }
    }

    /// Writes `true` or `false`.
    package mutating func boolean(_ value: Bool) { self.raw((value ? "true" : "false").utf8) }

    /// Writes `null`.
    package mutating func null() { self.raw("null".utf8) }

    /// Writes bytes that are already a JSON value, unchecked and unchanged.
    package mutating func raw(_ value: some Sequence<UInt8>) {
        self.separate()
        self.bytes.append(contentsOf: value)
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        self.separate()
        self.bytes.append(bracket)
        self.needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        self.bytes.append(bracket)
        self.needsComma = true
    }

    /// Writes text between quotes; escapes what RFC 8259, section 7 requires and nothing else.
    private mutating func quote(_ text: some Sequence<UInt8>) {
        self.bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                self.bytes.append(UInt8(ascii: "\\"))
                self.bytes.append(byte)
            case 0x20...: self.bytes.append(byte)
            case 0x08: self.bytes.append(contentsOf: #"\b"#.utf8)
            case 0x09: self.bytes.append(contentsOf: #"\t"#.utf8)
            case 0x0A: self.bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0C: self.bytes.append(contentsOf: #"\f"#.utf8)
            case 0x0D: self.bytes.append(contentsOf: #"\r"#.utf8)
            default:
                self.bytes.append(contentsOf: #"\u00"#.utf8)
                self.bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                let low = byte & 0x0F
                self.bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }
}
