internal import NIOCore

/// Adds the fields of one answer straight into the bytes that go out.
///
/// Belongs to the call it is handed to. Control characters in a value become spaces.
package struct AnswerFields: ~Copyable {
    private var output: ByteBuffer

    init(_ output: consuming ByteBuffer) { self.output = output }

    /// Adds a field whose value is text.
    package mutating func append(_ name: StaticString, _ value: String) {
        self.output.writeStaticString(name)
        self.output.writeStaticString(": ")
        FieldText.write(value, to: &self.output)
        self.output.writeStaticString("\r\n")
    }

    /// Adds a field whose value is printable ASCII already.
    package mutating func append(_ name: String, ascii value: Span<UInt8>) {
        let letters = name.utf8.span
        // One write: each makes sure anew that the buffer is its own and large enough.
        self.output.writeWithOutputRawSpan(minimumWritableBytes: letters.count + value.count + 4) { bytes in
            for index in letters.indices { bytes.append(letters[index]) }
            bytes.append(UInt8(ascii: ":"))
            bytes.append(UInt8(ascii: " "))
            for index in value.indices { bytes.append(value[index]) }
            bytes.append(UInt8(ascii: "\r"))
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Adds a field whose value is a whole number.
    package mutating func append(_ name: StaticString, _ value: Int) {
        self.append(name, String(value))
    }

    /// Gives the bytes back for the rest of the answer.
    consuming func finish() -> ByteBuffer { self.output }
}
