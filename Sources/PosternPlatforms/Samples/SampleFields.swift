internal import PosternJSON

/// The members of one object of an expectation, taken one by one; what nobody took is refused in the end.
struct SampleFields {
    private let value: JSONValue
    private let what: String
    private var known: Set<String> = []

    /// Opens an object; `what` names it in messages.
    init(_ value: JSONValue, of what: String) throws(SampleError) {
        guard value.kind == .object else { throw .malformedExpectation(reason: "\(what) is not an object") }
        self.value = value
        self.what = what
    }

    /// The member of that name, unless it is absent or null.
    mutating func take(_ name: String) -> JSONValue? {
        self.known.insert(name)
        guard let member = self.value.member(name), !member.isNull else { return nil }
        return member
    }

    /// A string member.
    mutating func text(_ name: String) throws(SampleError) -> String? {
        guard let member = self.take(name) else { return nil }
        guard let text = member.text else { throw .malformedExpectation(reason: "\"\(name)\" is not a string") }
        return text
    }

    /// A string member that must be there.
    mutating func requireText(_ name: String) throws(SampleError) -> String {
        guard let text = try self.text(name) else {
            throw .malformedExpectation(reason: "\(self.what) needs \"\(name)\"")
        }
        return text
    }

    /// A member that is a whole number.
    mutating func integer(_ name: String) throws(SampleError) -> Int64? {
        guard let member = self.take(name) else { return nil }
        guard let number = member.integer else {
            throw .malformedExpectation(reason: "\"\(name)\" is not a whole number")
        }
        return number
    }

    /// A member that is true or false.
    mutating func boolean(_ name: String) throws(SampleError) -> Bool? {
        guard let member = self.take(name) else { return nil }
        guard let value = member.boolean else {
            throw .malformedExpectation(reason: "\"\(name)\" is neither true nor false")
        }
        return value
    }

    /// An object member of strings, or of lists of strings where `lists` allows it.
    mutating func texts(_ name: String, lists: Bool) throws(SampleError) -> [(name: String, texts: [String])] {
        guard let member = self.take(name) else { return [] }
        guard member.kind == .object else { throw .malformedExpectation(reason: "\"\(name)\" is not an object") }
        var entries: [(name: String, texts: [String])] = []
        for (key, value) in member.members {
            let values = lists && value.kind == .array ? Array(value.elements) : [value]
            var texts: [String] = []
            for value in values {
                guard let text = value.text else {
                    throw .malformedExpectation(reason: "\"\(key)\" in \"\(name)\" is not a string")
                }
                texts.append(text)
            }
            entries.append((key, texts))
        }
        return entries
    }

    /// Refuses the first member nobody took.
    func finish() throws(SampleError) {
        for (name, _) in self.value.members where !self.known.contains(name) {
            throw .malformedExpectation(reason: "\(self.what) has no \"\(name)\"")
        }
    }
}
