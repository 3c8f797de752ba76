internal import PosternModel

/// The headers one platform's plans read, numbered when the definition is compiled.
package struct HeaderTable: Sendable {
    /// What a request's header turned out to be.
    enum Match {
        case slot(HeaderSlot)
        case numbered(NumberedHeader)
    }

    /// Lowercase names, in the order of their slots.
    private(set) var names: [[UInt8]] = []
    /// The names as the definition spells them, by slot.
    private(set) var spelledNames: [String] = []
    /// Lowercase names up to the number.
    private(set) var prefixes: [[UInt8]] = []
    /// The same as the definition spells them.
    private(set) var spelledPrefixes: [String] = []
    /// How long the names of headers of interest are.
    private(set) var lengths = LengthSet()

    /// Starts without any header.
    init() {}

    /// The slot of a header; a name of any case gets the same one.
    mutating func slot(for name: String) -> HeaderSlot {
        let lowercase = Self.lowercase(name)
        if let known = self.names.firstIndex(of: lowercase) { return HeaderSlot(index: known) }
        self.names.append(lowercase)
        self.spelledNames.append(name)
        self.lengths.insert(lowercase.count)
        return HeaderSlot(index: self.names.count - 1)
    }

    /// The family of headers whose names begin with `prefix`.
    mutating func numberedHeader(for prefix: String) -> NumberedHeader {
        let lowercase = Self.lowercase(prefix)
        if let known = self.prefixes.firstIndex(of: lowercase) { return NumberedHeader(index: known) }
        self.prefixes.append(lowercase)
        self.spelledPrefixes.append(prefix)
        for digits in 1...3 { self.lengths.insert(lowercase.count + digits) }
        return NumberedHeader(index: self.prefixes.count - 1)
    }

    /// The slot of a header that has one.
    package func existingSlot(for name: String) -> HeaderSlot? {
        self.names.firstIndex(of: Self.lowercase(name)).map(HeaderSlot.init(index:))
    }

    /// Finds what a header of a request is to the platform; most are nothing and fail the test of lengths.
    func match(_ name: Span<UInt8>) -> Match? {
        guard self.lengths.mayContain(name.count) else { return nil }
        for (index, known) in self.names.enumerated() where name.equalsIgnoringCase(known.span) {
            return .slot(HeaderSlot(index: index))
        }
        for (index, prefix) in self.prefixes.enumerated() where name.beginsIgnoringCase(with: prefix.span) {
            let digits = name.extracting(prefix.count..<name.count)
            guard (1...3).contains(digits.count), Self.isNumber(digits) else { continue }
            return .numbered(NumberedHeader(index: index))
        }
        return nil
    }

    /// Tells whether the text is a number from 1 to 100 without leading zeros.
    private static func isNumber(_ digits: Span<UInt8>) -> Bool {
        var value = 0
        for index in digits.indices {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = digits[index],
                index > 0 || digits[index] != UInt8(ascii: "0")
            else { return false }
            value = value * 10 + Int(digits[index] - UInt8(ascii: "0"))
        }
        return value <= NumberedHeader.highest
    }

    private static func lowercase(_ name: String) -> [UInt8] { name.utf8.map(\.lowercasedASCII) }
}
