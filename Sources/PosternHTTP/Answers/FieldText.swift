internal import NIOCore

/// Writes field names and values so that they cannot end their line.
enum FieldText {
    /// Appends `text`; control characters, line ends included, become spaces.
    static func write(_ text: String, to buffer: inout ByteBuffer) {
        if Self.isPrintable(text) {
            buffer.writeString(text)
        } else {
            buffer.writeBytes(text.utf8.lazy.map { $0 >= 0x20 && $0 != 0x7F ? $0 : UInt8(ascii: " ") })
        }
    }

    private static func isPrintable(_ text: String) -> Bool {
        let bytes = text.utf8.span
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F { return false }
        return true
    }
}
