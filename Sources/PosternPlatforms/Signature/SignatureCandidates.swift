internal import PosternCrypto
internal import PosternModel

/// The signatures found in one request, decoded.
struct SignatureCandidates: Sendable {
    /// The position, among the plan's hash functions, of the one the signature is made with.
    private(set) var algorithm = 0
    /// The time that stood in the same list.
    private(set) var listTime: Substring?
    // The first has a place of its own: there is seldom another, and this way it costs no allocation.
    private var first: Digest?
    private var others: [Digest] = []
    private var isPresent = false
    private var isMalformed = false

    /// Why there is nothing to compare, if so.
    ///
    /// A signature in the right form that cannot be decoded is as wrong as any other that does not match.
    var failure: VerificationFailure? {
        if self.first != nil { return nil }
        if self.isPresent { return .signatureMismatch }
        return self.isMalformed ? .malformedSignature : .missingSignature
    }

    /// Tells whether `code` is one of the candidates; compares with each, whatever comes of it.
    func contains(_ code: Digest) -> Bool {
        var found = self.first?.matches(code) ?? false
        for other in self.others where other.matches(code) { found = true }
        return found
    }

    /// Takes the candidates out of what stands in the signature's place; blanks around them do not count.
    mutating func read(_ value: String, _ plan: MessagePlan) {
        guard !value.isEmpty else { return }
        switch plan.syntax {
        case .plain(let prefix, let optionalPrefix): self.readPlain(value, prefix, optionalPrefix, plan)
        case .digestPrefix: self.readDigestPrefix(value, plan)
        case .list(let separator, let key): self.readList(value, separator, key, plan)
        case .tags(let separator, let tag): self.readTags(value, separator, tag, plan)
        }
    }

    private mutating func add(_ text: Substring, _ plan: MessagePlan) {
        self.isPresent = true
        guard let digest = plan.encoding.decode(text) else { return }
        if self.first == nil {
            self.first = digest
        } else {
            self.others.append(digest)
        }
    }

    private mutating func readPlain(_ value: String, _ prefix: String?, _ optional: String?, _ plan: MessagePlan) {
        var rest = value[...]
        if let prefix {
            guard value.hasPrefix(bytesOf: prefix) else {
                self.isMalformed = true
                return
            }
            rest.removeFirst(utf8: prefix.utf8.count)
        }
        if let optional, rest.utf8.starts(with: optional.utf8) { rest.removeFirst(utf8: optional.utf8.count) }
        self.add(rest, plan)
    }

    private mutating func readDigestPrefix(_ value: String, _ plan: MessagePlan) {
        for (index, algorithm) in plan.digests.all.enumerated() {
            let name = algorithm.rawValue.utf8
            guard value.utf8.starts(with: name), value.utf8.dropFirst(name.count).first == UInt8(ascii: "=") else {
                continue
            }
            var rest = value[...]
            rest.removeFirst(utf8: name.count + 1)
            self.algorithm = index
            self.add(rest, plan)
            return
        }
        self.isMalformed = true
    }

    private mutating func readList(_ value: String, _ separator: UInt8, _ key: String, _ plan: MessagePlan) {
        let timeKey = plan.time?.listKey
        var isList = false
        value.forEachEntry(separatedBy: separator) { entry in
            guard let middle = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { return }
            isList = true
            let name = entry[..<middle]
            let content = entry[entry.utf8.index(after: middle)...]
            if name == key[...] {
                self.add(content, plan)
            } else if let timeKey, name == timeKey[...], self.listTime == nil {
                self.listTime = content
            }
        }
        if !isList { self.isMalformed = true }
    }

    private mutating func readTags(_ value: String, _ separator: UInt8, _ tag: String, _ plan: MessagePlan) {
        var isList = false
        value.forEachEntry(separatedBy: separator) { entry in
            guard let middle = entry.utf8.firstIndex(of: UInt8(ascii: ",")) else { return }
            isList = true
            if entry[..<middle] == tag[...] { self.add(entry[entry.utf8.index(after: middle)...], plan) }
        }
        if !isList { self.isMalformed = true }
    }
}

extension Substring {
    /// Drops as many bytes of UTF-8.
    fileprivate mutating func removeFirst(utf8 count: Int) {
        self = self[self.utf8.index(self.startIndex, offsetBy: count)...]
    }
}

extension String {
    /// Whether the text begins with the bytes of another, compared one by one.
    fileprivate func hasPrefix(bytesOf prefix: String) -> Bool {
        let (mine, letters) = (self.utf8.span, prefix.utf8.span)
        guard mine.count >= letters.count else { return false }
        for index in letters.indices where mine[index] != letters[index] { return false }
        return true
    }

    /// Calls `body` with each entry that is not empty, without blanks around it.
    fileprivate func forEachEntry(separatedBy separator: UInt8, _ body: (Substring) -> Void) {
        var start = self.startIndex
        while start < self.endIndex {
            let end = self.utf8[start...].firstIndex(of: separator) ?? self.endIndex
            var entry = self[start..<end]
            while entry.utf8.first == UInt8(ascii: " ") { entry = entry[entry.utf8.index(after: entry.startIndex)...] }
            while entry.utf8.last == UInt8(ascii: " ") { entry = entry[..<entry.utf8.index(before: entry.endIndex)] }
            if !entry.isEmpty { body(entry) }
            start = end < self.endIndex ? self.utf8.index(after: end) : end
        }
    }
}
