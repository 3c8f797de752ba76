internal import PosternJSON

/// Puts a text into a JSON body, leaving every other byte as it is.
enum JSONEdit {
    /// Sets the text at `path`; `nil` when there is neither such a value nor an object it could be a member of.
    ///
    /// A number stays a number when the text is one. Missing members on the way are made.
    static func set(_ path: ValuePath, to text: String, in scope: ReferenceScope) -> [UInt8]? {
        if let value = path.value(in: scope) {
            let isNumber = value.kind == .number && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return Self.replace(value.raw, isNumber ? Array(text.utf8) : Self.string(text), value.document.bytes)
        }
        for count in path.steps.indices.reversed() {
            let parent = ValuePath(root: path.root, steps: Array(path.steps[..<count]), description: path.description)
            guard let object = parent.value(in: scope) else { continue }
            guard object.kind == .object else { return nil }
            var names: [[UInt8]] = []
            for step in path.steps[count...] {
                guard case .member(let name) = step else { return nil }
                names.append(name)
            }
            let start = object.raw.lowerBound + 1
            let member = Self.member(names[...], text) + (object.count > 0 ? [UInt8(ascii: ",")] : [])
            return Self.replace(start..<start, member, object.document.bytes)
        }
        return nil
    }

    private static func member(_ names: ArraySlice<[UInt8]>, _ text: String) -> [UInt8] {
        guard let first = names.first else { return Self.string(text) }
        let rest = names.dropFirst()
        let name = Self.string(String(decoding: first, as: UTF8.self)) + [UInt8(ascii: ":")]
        guard !rest.isEmpty else { return name + Self.string(text) }
        return name + [UInt8(ascii: "{")] + Self.member(rest, text) + [UInt8(ascii: "}")]
    }

    private static func string(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }

    private static func replace(_ range: Range<Int>, _ bytes: [UInt8], _ body: [UInt8]) -> [UInt8] {
        Array(body[..<range.lowerBound]) + bytes + Array(body[range.upperBound...])
    }
}
