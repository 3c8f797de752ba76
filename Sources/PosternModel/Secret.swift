/// Bytes that must never be printed, logged or sent.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The bytes themselves; hand them to `PosternCrypto` or to the operator who asked, nowhere else.
    package let bytes: [UInt8]

    /// Wraps raw bytes.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Wraps the UTF-8 bytes of a string.
    package init(_ text: String) { self.bytes = Array(text.utf8) }

    package var description: String { "[secret]" }
    package var debugDescription: String { "[secret]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
