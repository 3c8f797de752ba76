/// A header that must be as described for a signature to count.
struct HeaderRequirement: Sendable {
    /// What is asked of the value.
    enum Test: Sendable {
        case equals(String)
        case contains(String)
    }

    let header: HeaderSlot
    let test: Test

    /// Tells whether the request's header is as described; an absent one is not.
    func holds(_ facts: RequestFacts) -> Bool {
        guard let value = facts.header(self.header) else { return false }
        switch self.test {
        case .equals(let text): return value == text
        case .contains(let text): return Self.contains(value.utf8, text.utf8)
        }
    }

    private static func contains(_ text: String.UTF8View, _ part: String.UTF8View) -> Bool {
        var rest = text[...]
        while rest.count >= part.count {
            if rest.starts(with: part) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
