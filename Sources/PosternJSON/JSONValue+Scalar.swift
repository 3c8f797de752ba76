extension JSONValue {
    /// The content of a string with its escapes resolved; `nil` for every other kind.
    package var text: String? {
        guard self.kind == .string else { return nil }
        return self.content
    }

    /// The content of a string, or the literal text of a number, `true` or `false`; `nil` for the rest.
    ///
    /// Numbers never pass through a double, so identifiers of any length survive.
    package var scalarText: String? {
        switch self.kind {
        case .string: self.content
        case .number, .boolean: String(decoding: self.rawBytes, as: UTF8.self)
        case .object, .array, .null: nil
        }
    }

    /// The value of `true` or `false`; `nil` for the rest.
    package var boolean: Bool? {
        guard self.kind == .boolean else { return nil }
        return self.storage.bytes[Int(self.token.start)] == UInt8(ascii: "t")
    }

    /// The value of a number without fraction or exponent that fits 64 bits; `nil` for the rest.
    package var integer: Int64? {
        guard self.kind == .number else { return nil }
        return Int64(String(decoding: self.rawBytes, as: UTF8.self))
    }

    /// The bytes of a string's content with its escapes resolved; `nil` for every other kind.
    package var textBytes: [UInt8]? {
        guard self.kind == .string else { return nil }
        return self.storage.resolved(at: self.index)
    }

    private var content: String {
        guard self.token.detail != 0 else {
            return String(decoding: self.storage.bytes[self.storage.content(at: self.index)], as: UTF8.self)
        }
        return String(decoding: self.storage.resolved(at: self.index), as: UTF8.self)
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value's own text, as it stands in the document.
    package var description: String { String(decoding: self.rawBytes, as: UTF8.self) }
}
