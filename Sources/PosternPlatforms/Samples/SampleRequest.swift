/// A request of a platform, as an `.http` file among its samples holds it.
package struct SampleRequest: Sendable {
    /// The method, as it is written.
    package let method: String
    /// Path and query, as they are written.
    package let target: String
    /// The headers in order, as they are written.
    package let headers: [(name: String, value: String)]
    /// Everything behind the empty line, to the last byte of the file.
    package let body: [UInt8]

    /// Reads a file.
    ///
    /// The lines of the head end in LF or CR LF and are UTF-8; the body is taken as it is, with a line break at its
    /// end if there is one.
    ///
    /// - Throws: ``SampleError/malformedRequest(reason:)``.
    package init(_ file: [UInt8]) throws(SampleError) {
        var rest = file[...]
        let line = try Self.line(&rest).split(separator: " ", omittingEmptySubsequences: false)
        guard line.count == 3, !line[0].isEmpty, line[1].hasPrefix("/"), line[2].hasPrefix("HTTP/") else {
            throw .malformedRequest(reason: "the first line is not METHOD /path HTTP/1.1")
        }
        self.method = String(line[0])
        self.target = String(line[1])
        var headers: [(name: String, value: String)] = []
        while true {
            let text = try Self.line(&rest)
            if text.isEmpty { break }
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
                throw .malformedRequest(reason: "\"\(text)\" is not Name: value")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append((String(text[..<colon]), String(value)))
        }
        self.headers = headers
        self.body = Array(rest)
    }

    /// The value of the first header of that name, in any case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Takes one line of the head, without what ends it.
    private static func line(_ rest: inout ArraySlice<UInt8>) throws(SampleError) -> String {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            throw .malformedRequest(reason: "the empty line behind the headers is missing")
        }
        var bytes = rest[..<end]
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        rest = rest[(end + 1)...]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformedRequest(reason: "the head is not UTF-8")
        }
        return text
    }
}
