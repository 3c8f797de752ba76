extension ValuePath {
    /// Reads a path.
    ///
    /// - Parameters:
    ///   - text: the path and nothing else.
    ///   - bindings: the names bound by `as:` around it, outermost first; an inner name hides an outer one.
    ///   - iterating: whether `[]` and `*` steps may occur.
    /// - Throws: ``ReferenceError`` with what is wrong about the text.
    package init(_ text: String, bindings: [String] = [], iterating: Bool = false) throws(ReferenceError) {
        var reader = ReferenceReader(text)
        reader.skipBlanks()
        let path = try ValuePath(reading: &reader, bindings: bindings, iterating: iterating)
        reader.skipBlanks()
        guard reader.atEnd else { throw .malformedStep(reader.rest) }
        self = path
    }

    /// Reads a path at the reader's position and leaves the reader after it.
    init(reading reader: inout ReferenceReader, bindings: [String], iterating: Bool) throws(ReferenceError) {
        let start = reader.position
        let word = reader.takeWord()
        guard !word.isEmpty else { throw reader.atEnd ? .empty : .malformedStep(reader.rest) }
        let root: Root
        if reader.take(":") {
            root = try Self.named(word, &reader)
        } else if word == "parse", reader.take("(") {
            reader.skipBlanks()
            let inner = try ValuePath(reading: &reader, bindings: bindings, iterating: false)
            reader.skipBlanks()
            guard reader.take(")") else { throw .unclosed("(") }
            root = .parsed(inner)
        } else {
            root = try Self.plain(word, &reader, bindings: bindings)
        }
        var steps: [Step] = []
        switch root {
        case .body, .binding, .parsed:
            while let step = try Self.step(&reader) { steps.append(step) }
        case .header, .query, .form, .parameter, .method, .url, .timestamp, .deliveryID: break
        }
        self.init(root: root, steps: steps, description: reader.text(from: start))
        guard iterating || !self.iterates else { throw .iterationNotAllowed(self.description) }
    }

    private static func named(_ word: String, _ reader: inout ReferenceReader) throws(ReferenceError) -> Root {
        guard ["header", "query", "form", "parameter"].contains(word) else {
            throw .unknownRoot(word + ":", bindings: [])
        }
        // Field names may hold dots and brackets (`hub.mode`, `data[list_id]`); what ends them is template syntax.
        let quoted = try reader.takeQuoted()
        let name = quoted ?? reader.take { byte in !" \t})?,=!\"".utf8.contains(byte) }
        guard !name.isEmpty else { throw .nameMissing(after: word + ":") }
        switch word {
        case "header": return .header(name)
        case "query": return .query(name)
        case "form": return .form(name)
        default: return .parameter(name)
        }
    }

    private static func plain(
        _ word: String,
        _ reader: inout ReferenceReader,
        bindings: [String]
    ) throws(ReferenceError) -> Root {
        if let position = bindings.lastIndex(of: word) { return .binding(position) }
        switch word {
        case "body": return .body
        case "method": return .method
        case "url": return .url
        case "timestamp": return .timestamp
        case "delivery":
            guard reader.take(".id") else { throw .nameMissing(after: "delivery.") }
            return .deliveryID
        default:
            throw reader.follows("(") ? .unknownFunction(word) : .unknownRoot(word, bindings: bindings)
        }
    }

    private static func step(_ reader: inout ReferenceReader) throws(ReferenceError) -> Step? {
        if reader.take("[") {
            if reader.take("]") { return .eachElement }
            let digits = reader.take { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard let place = Int(digits), reader.take("]") else { throw .malformedStep("[" + digits + reader.rest) }
            return .element(place)
        }
        guard reader.take(".") else { return nil }
        if let name = try reader.takeQuoted() { return .member(Array(name.utf8)) }
        let prefix = reader.takeWord()
        if reader.take("*") { return .eachMember(prefix: prefix, suffix: reader.takeWord()) }
        guard !prefix.isEmpty else { throw .malformedStep("." + reader.rest) }
        return .member(Array(prefix.utf8))
    }
}
