internal import PosternJSON
internal import PosternStore

/// Filters of a subscription as people write them on the command line.
///
/// JSON as it is stored, or short: `account=acct_1`, `platform!=github`, `type^=charge.`, `data.order.id?` for one
/// that is there, `platform=github|stripe` for one of several. In data a number, `true` or `false` is what it says; in
/// quotation marks it is text.
enum FilterText {
    /// Reads each text; one of JSON may hold several filters.
    ///
    /// - Throws: ``CommandFailure``.
    static func parse(_ texts: [String]) throws -> [SubscriptionFilter] {
        try texts.flatMap { text in
            do throws(SubscriptionFilterError) {
                let json = text.hasPrefix("{") || text.hasPrefix("[")
                return try SubscriptionFilter.list(reading: json ? Array(text.utf8) : Self.json(of: text))
            } catch {
                throw CommandFailure(
                    code: "bad_filter",
                    message: """
                        --filter '\(text)': \(error.description); write FIELD=VALUE, FIELD!=VALUE, FIELD=A|B, \
                        FIELD^=PREFIX, FIELD? or JSON
                        """
                )
            }
        }
    }

    /// One filter for a person: `platform in github, stripe`.
    static func text(_ filter: SubscriptionFilter) -> String {
        let field = filter.field.text
        return switch filter.test {
        case .equals(let value): "\(field) = \(Self.text(value))"
        case .notEquals(let value): "\(field) != \(Self.text(value))"
        case .oneOf(let values): "\(field) in \(values.map(Self.text).joined(separator: ", "))"
        case .exists: "\(field) exists"
        case .prefix(let text): "\(field) begins with \(Self.text(.text(text)))"
        }
    }

    private static func text(_ value: SubscriptionFilter.Scalar) -> String {
        var writer = JSONWriter()
        value.write(to: &writer)
        return PrintableText.escape(writer.text)
    }

    /// The short form as JSON, for the one reader of filters to judge.
    private static func json(of text: String) -> [UInt8] {
        let (field, word, value) = Self.split(text)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("field", string: field)
        writer.member("op", string: word)
        let isData = field.hasPrefix("data.")
        switch word {
        case "exists": break
        case "in":
            writer.name("value")
            writer.beginArray()
            for part in value.split(separator: "|", omittingEmptySubsequences: false) {
                writer.raw(Self.scalar(String(part), isData: isData))
            }
            writer.endArray()
        case "prefix": writer.member("value", raw: Self.scalar(value, isData: false))
        default: writer.member("value", raw: Self.scalar(value, isData: isData))
        }
        writer.endObject()
        return writer.bytes
    }

    private static func split(_ text: String) -> (field: String, word: String, value: String) {
        guard let mark = text.firstIndex(of: "=") else {
            return text.hasSuffix("?") ? (String(text.dropLast()), "exists", "") : (text, "", "")
        }
        let before = text[..<mark]
        let value = String(text[text.index(after: mark)...])
        switch before.last {
        case "!": return (String(before.dropLast()), "not_equals", value)
        case "^": return (String(before.dropLast()), "prefix", value)
        default: return (String(before), value.contains("|") && !value.hasPrefix("\"") ? "in" : "equals", value)
        }
    }

    /// A value as JSON: as it is where data says it is JSON's, in quotation marks everywhere else.
    private static func scalar(_ text: String, isData: Bool) -> [UInt8] {
        let bytes = Array(text.utf8)
        do throws(JSONError) {
            let value = try JSONDocument(bytes: bytes).root
            switch value.kind {
            case .string: return bytes
            case .number, .boolean: if isData { return bytes }
            case .object, .array, .null: break
            }
        } catch {
            // No JSON: text.
        }
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }
}
