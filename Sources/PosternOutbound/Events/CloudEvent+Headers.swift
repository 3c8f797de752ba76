extension CloudEvent {
    /// Lends the attributes as the header fields of the binary form, `ce-` names and encoded values.
    ///
    /// `datacontenttype` is not among them: it is the request's `content-type`.
    ///
    /// Source: CloudEvents 1.0.2, "HTTP Protocol Binding", section 3.1.3.
    func eachHeader(_ body: (_ name: String, _ value: String) -> Void) {
        body("ce-specversion", "1.0")
        self.eachAttribute { name, value in body("ce-\(name)", Self.headerValue(value)) }
        body("ce-posterndefinition", String(self.definitionVersion))
    }

    /// Writes a string as a header field's value: what is not printable ASCII, and blank, quote and percent sign,
    /// become the percent-encoded bytes of their UTF-8.
    ///
    /// Source: CloudEvents 1.0.2, "HTTP Protocol Binding", section 3.1.3.2.
    package static func headerValue(_ text: String) -> String {
        guard text.utf8.contains(where: { !Self.standsForItself($0) }) else { return text }
        var value: [UInt8] = []
        value.reserveCapacity(text.utf8.count + 32)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if Self.standsForItself(byte) {
                value.append(byte)
            } else {
                value.append(UInt8(ascii: "%"))
                value.append(digits[Int(byte >> 4)])
                value.append(digits[Int(byte & 0x0F)])
            }
        }
        return String(decoding: value, as: UTF8.self)
    }

    private static func standsForItself(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "%")
    }
}
