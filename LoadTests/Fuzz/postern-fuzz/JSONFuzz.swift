internal import PosternJSON

/// Documents: what is accepted can be read everywhere, and says the same when it is written anew.
enum JSONFuzz {
    static func read(_ bytes: [UInt8]) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes: bytes)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error) is outside of \(bytes.count) bytes")
            return
        }
        precondition(String(validating: bytes, as: UTF8.self) != nil, "a document that is no UTF-8 was accepted")
        let once = Self.rewritten(document.root)
        guard let again = try? JSONDocument(bytes: once) else {
            preconditionFailure("what was written anew is no JSON: \(String(decoding: once, as: UTF8.self))")
        }
        precondition(Self.rewritten(again.root) == once, "the second writing differs from the first")
    }

    /// Checks bytes that our own code made: they must be JSON.
    static func expect(_ bytes: [UInt8], limits: JSONLimits = .standard) {
        do throws(JSONError) {
            _ = try JSONDocument(bytes: bytes, limits: limits)
        } catch {
            preconditionFailure("\(error): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static func rewritten(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        Self.write(value, to: &writer)
        return writer.bytes
    }

    /// Recursive: depth is limited by what was accepted.
    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for (name, member) in value.members {
                writer.name(name)
                Self.write(member, to: &writer)
            }
            writer.endObject()
        case .array:
            precondition(
                value.elements.reduce(into: 0) { count, _ in count += 1 } == value.count,
                "elements are missing"
            )
            writer.beginArray()
            for element in value.elements { Self.write(element, to: &writer) }
            writer.endArray()
        case .string: writer.string(value.text ?? "")
        case .number:
            _ = value.integer
            writer.raw(value.rawBytes)
        case .boolean: writer.boolean(value.boolean ?? false)
        case .null: writer.null()
        }
    }
}
