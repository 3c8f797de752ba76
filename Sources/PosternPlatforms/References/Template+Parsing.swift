extension Template {
    /// Reads a template.
    ///
    /// `{{` is a brace; a closing brace outside a reference stands for itself.
    ///
    /// - Parameters:
    ///   - text: the template.
    ///   - bindings: the names bound by `as:` around it, outermost first.
    /// - Throws: ``ReferenceError`` with what is wrong about the text.
    package init(_ text: String, bindings: [String] = []) throws(ReferenceError) {
        var reader = ReferenceReader(text)
        try self.init(reading: &reader, bindings: bindings, isArgument: false)
    }

    /// Reads up to the end of the text, or as an argument up to the `)` that a `}` follows.
    private init(
        reading reader: inout ReferenceReader,
        bindings: [String],
        isArgument: Bool
    ) throws(ReferenceError) {
        let start = reader.position
        var parts: [Part] = []
        var literal: [UInt8] = []
        while !reader.atEnd, !(isArgument && reader.follows(")}")) {
            if reader.take("{{") {
                literal.append(UInt8(ascii: "{"))
            } else if reader.take("{") {
                if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                parts.append(try Self.reference(&reader, bindings: bindings))
            } else if let byte = reader.advance() {
                literal.append(byte)
            }
        }
        if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        self.init(parts: parts, description: reader.text(from: start))
    }

    /// Reads what is between two braces, and the closing one.
    private static func reference(
        _ reader: inout ReferenceReader,
        bindings: [String]
    ) throws(ReferenceError) -> Part {
        reader.skipBlanks()
        let part: Part
        if reader.take("sha256(") {
            let argument = try Template(reading: &reader, bindings: bindings, isArgument: true)
            guard reader.take(")") else { throw .unclosed("(") }
            part = .sha256(argument)
        } else if reader.take("hmac_sha256_hex(") {
            part = .hmac(try Self.argument(&reader, bindings: bindings), .hex)
        } else if reader.take("hmac_sha256_base64(") {
            part = .hmac(try Self.argument(&reader, bindings: bindings), .base64)
        } else if reader.take("name(") {
            reader.skipBlanks()
            let word = reader.takeWord()
            guard let position = bindings.lastIndex(of: word) else { throw .notBound(word) }
            reader.skipBlanks()
            guard reader.take(")") else { throw .unclosed("(") }
            part = .name(position)
        } else {
            let path = try ValuePath(reading: &reader, bindings: bindings, iterating: false)
            reader.skipBlanks()
            if reader.take("?") {
                part = .firstMember(path, names: try Self.names(&reader))
            } else {
                part = .path(path)
            }
        }
        reader.skipBlanks()
        guard reader.take("}") else { throw reader.atEnd ? .unclosed("{") : .trailing(reader.rest) }
        return part
    }

    private static func argument(
        _ reader: inout ReferenceReader,
        bindings: [String]
    ) throws(ReferenceError) -> ValuePath {
        reader.skipBlanks()
        let path = try ValuePath(reading: &reader, bindings: bindings, iterating: false)
        reader.skipBlanks()
        guard reader.take(")") else { throw .unclosed("(") }
        return path
    }

    private static func names(_ reader: inout ReferenceReader) throws(ReferenceError) -> [String] {
        var names: [String] = []
        repeat {
            reader.skipBlanks()
            let quoted = try reader.takeQuoted()
            let name = quoted ?? reader.takeWord()
            guard !name.isEmpty else { throw .nameMissing(after: names.last ?? "?") }
            names.append(name)
            reader.skipBlanks()
        } while reader.take(",")
        return names
    }
}
