internal import NIOCore

/// Writes field names and values so that they cannot end their line.
enum FieldText {
    /// Appends `text`; control characters, line ends included, become spaces.
    static func write(_ text: String, to buffer: inout ByteBuffer) {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            buffer.writeString(text)
        } else {
            buffer.writeBytes(text.utf8.lazy.map { $0 >= 0x20 && $0 != 0x7F ? $0 : UInt8(ascii: " ") })
        }
    }
}
