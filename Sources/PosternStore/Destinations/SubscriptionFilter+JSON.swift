package import PosternJSON

extension SubscriptionFilter {
    /// How many filters one subscription may have.
    package static let countLimit = 20

    /// How many values `in` may name.
    package static let choiceLimit = 100

    /// How many bytes a field's name or a value may have.
    package static let textLimit = 500

    /// Reads filters as they are stored and as people write them: an array of objects, or one object.
    ///
    /// `{"field": …, "op": …, "value": …}`: the field is `platform`, `account`, `subject`, `type`, `endpoint` or `data.`
    /// and a dotted path; the operator is `equals`, `not_equals`, `in` (with an array), `exists` (without a value) or
    /// `prefix`.
    ///
    /// - Throws: ``SubscriptionFilterError``.
    package static func list(reading bytes: [UInt8]) throws(SubscriptionFilterError) -> [SubscriptionFilter] {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes: bytes, limits: JSONLimits(depth: 4, bytes: 1 << 20))
        } catch {
            throw .notJSON(error.description)
        }
        let values: [JSONValue]
        switch document.root.kind {
        case .array: values = Array(document.root.elements)
        case .object: values = [document.root]
        case .string, .number, .boolean, .null: throw .notAnArray
        }
        guard values.count <= Self.countLimit else { throw .tooMany(limit: Self.countLimit) }
        var filters: [SubscriptionFilter] = []
        for (place, value) in values.enumerated() {
            do throws(Malformed) {
                filters.append(try Self.read(value))
            } catch {
                throw .filter(place + 1, error.reason)
            }
        }
        return filters
    }

    /// Writes filters as they are stored.
    package static func json(_ filters: [SubscriptionFilter]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for filter in filters { filter.write(to: &writer) }
        writer.endArray()
        return writer.bytes
    }

    /// Writes one filter as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("field", string: self.field.text)
        writer.member("op", string: self.test.word)
        switch self.test {
        case .equals(let value), .notEquals(let value):
            writer.name("value")
            value.write(to: &writer)
        case .oneOf(let values):
            writer.name("value")
            writer.beginArray()
            for value in values { value.write(to: &writer) }
            writer.endArray()
        case .prefix(let text): writer.member("value", string: text)
        case .exists: break
        }
        writer.endObject()
    }

    /// Why one filter is none.
    private struct Malformed: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func read(_ object: JSONValue) throws(Malformed) -> SubscriptionFilter {
        guard object.kind == .object else {
            throw Malformed(#"it must be an object like {"field": "account", "op": "equals", "value": "acct_1"}"#)
        }
        for (name, _) in object.members where !["field", "op", "value"].contains(name) {
            throw Malformed("there is no member '\(name)', only field, op and value")
        }
        guard let name = object.member("field")?.text else { throw Malformed("field is missing, or is no string") }
        guard let field = Field(text: name) else {
            throw Malformed(
                "field is '\(name)', must be platform, account, subject, type, endpoint or data.<path>"
            )
        }
        guard let word = object.member("op")?.text else { throw Malformed("op is missing, or is no string") }
        return SubscriptionFilter(field: field, test: try Self.test(word, object.member("value"), of: field))
    }

    private static func test(_ word: String, _ value: JSONValue?, of field: Field) throws(Malformed) -> Test {
        switch word {
        case "equals": return .equals(try Self.scalar(value, of: field))
        case "not_equals": return .notEquals(try Self.scalar(value, of: field))
        case "in":
            guard let value, value.kind == .array, (1...Self.choiceLimit).contains(value.count) else {
                throw Malformed("in needs an array of 1 to \(Self.choiceLimit) values")
            }
            var choices: [Scalar] = []
            for element in value.elements { choices.append(try Self.scalar(element, of: field)) }
            return .oneOf(choices)
        case "exists":
            if value != nil { throw Malformed("exists has no value") }
            return .exists
        case "prefix":
            guard case .text(let text) = try Self.scalar(value, of: field) else {
                throw Malformed("prefix needs a string")
            }
            return .prefix(text)
        default: throw Malformed("op is '\(word)', must be equals, not_equals, in, exists or prefix")
        }
    }

    private static func scalar(_ value: JSONValue?, of field: Field) throws(Malformed) -> Scalar {
        guard let value, let text = value.scalarText else {
            throw Malformed("value is missing, or is no string, number, true or false")
        }
        guard text.utf8.count <= Self.textLimit, !text.utf8.contains(0) else {
            throw Malformed("a value has at most \(Self.textLimit) bytes, and none of them is NUL")
        }
        switch value.kind {
        case .number, .boolean:
            guard case .data = field else { throw Malformed("\(field.text) is text: compare it with a string") }
            return value.kind == .number ? .number(text) : .boolean(text == "true")
        case .string, .object, .array, .null: return .text(text)
        }
    }
}
