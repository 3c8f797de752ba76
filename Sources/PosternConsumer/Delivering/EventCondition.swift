internal import PosternJSON
internal import PosternStore

/// A filter of a subscription, compiled: where to look and what must hold there.
///
/// Texts are compared byte by byte, numbers by their exact value, and a text is never a number. What is missing has no
/// value, and so has `null`: only `notEquals` holds of it.
struct EventCondition: Sendable {
    /// Where to look.
    enum Place: Sendable {
        case platform
        case account
        case subject
        case type
        case endpoint
        /// The names that lead to a value of the data.
        case data([Step])
    }

    /// One step into the data.
    struct Step: Sendable {
        let name: [UInt8]
        /// The place in an array, where the step is one.
        let place: Int?
    }

    /// What must hold.
    private enum Test: Sendable {
        case oneOf([Operand])
        case notEquals(Operand)
        case exists
        case prefix([UInt8])
    }

    /// A value to compare with.
    private enum Operand: Sendable {
        case text([UInt8])
        case number(DecimalLiteral)
        case boolean(Bool)
        /// A number that is none equals nothing.
        case nothing

        init(_ scalar: SubscriptionFilter.Scalar) {
            switch scalar {
            case .text(let text): self = .text(Array(text.utf8))
            case .number(let literal): self = DecimalLiteral(literal.utf8).map(Operand.number) ?? .nothing
            case .boolean(let value): self = .boolean(value)
            }
        }
    }

    let place: Place
    private let test: Test

    /// Compiles a filter.
    init(_ filter: SubscriptionFilter) {
        switch filter.field {
        case .platform: self.place = .platform
        case .account: self.place = .account
        case .subject: self.place = .subject
        case .type: self.place = .type
        case .endpoint: self.place = .endpoint
        case .data(let path): self.place = .data(path.map { Step(name: Array($0.utf8), place: Self.number($0)) })
        }
        switch filter.test {
        case .equals(let value): self.test = .oneOf([Operand(value)])
        case .notEquals(let value): self.test = .notEquals(Operand(value))
        case .oneOf(let values): self.test = .oneOf(values.map(Operand.init))
        case .exists: self.test = .exists
        case .prefix(let text): self.test = .prefix(Array(text.utf8))
        }
    }

    /// Whether the data must be read.
    var needsData: Bool { if case .data = self.place { true } else { false } }

    /// Says whether it holds of an attribute; `nil` for one the event does not have.
    func holds(ofText text: String?) -> Bool {
        guard let text else { return self.holdsOfNothing }
        switch self.test {
        case .oneOf(let operands): return operands.contains { Self.equals(text, $0) }
        case .notEquals(let operand): return !Self.equals(text, operand)
        case .exists: return true
        case .prefix(let prefix): return text.utf8.starts(with: prefix)
        }
    }

    /// Says whether it holds of the event's data; `nil` if that is no JSON.
    func holds(ofData data: JSONValue?, at steps: [Step]) -> Bool {
        guard let value = Self.value(steps, in: data), !value.isNull else { return self.holdsOfNothing }
        switch self.test {
        case .oneOf(let operands): return operands.contains { Self.equals(value, $0) }
        case .notEquals(let operand): return !Self.equals(value, operand)
        case .exists: return true
        case .prefix(let prefix): return value.textBytes?.starts(with: prefix) ?? false
        }
    }

    private var holdsOfNothing: Bool { if case .notEquals = self.test { true } else { false } }

    private static func value(_ steps: [Step], in data: JSONValue?) -> JSONValue? {
        var value = data
        for step in steps {
            guard let container = value else { return nil }
            switch container.kind {
            case .object: value = container.member(step.name.span)
            case .array: value = step.place.flatMap { container.element(at: $0) }
            case .string, .number, .boolean, .null: return nil
            }
        }
        return value
    }

    private static func equals(_ text: String, _ operand: Operand) -> Bool {
        if case .text(let bytes) = operand { text.utf8.elementsEqual(bytes) } else { false }
    }

    private static func equals(_ value: JSONValue, _ operand: Operand) -> Bool {
        switch operand {
        case .text(let bytes): value.textBytes == bytes
        case .number(let number): value.kind == .number && DecimalLiteral(value.rawBytes) == number
        case .boolean(let boolean): value.boolean == boolean
        case .nothing: false
        }
    }

    /// Reads a step that may stand for a place in an array.
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ? Int(text) : nil
    }
}
