extension JSONWriter {
    /// Writes a member whose value is a string.
    package mutating func member(_ name: String, string value: some StringProtocol) {
        self.name(name)
        self.string(value)
    }

    /// Writes a member whose value is a string, or `null`.
    package mutating func member(_ name: String, string value: String?) {
        self.name(name)
        if let value { self.string(value) } else { self.null() }
    }

    /// Writes a member whose value is a whole number.
    package mutating func member(_ name: String, integer value: some BinaryInteger) {
        self.name(name)
        self.integer(value)
    }

    /// Writes a member whose value is a whole number, or `null`.
    package mutating func member(_ name: String, integer value: Int64?) {
        self.name(name)
        if let value { self.integer(value) } else { self.null() }
    }

    /// Writes a member whose value is a number with a fraction.
    package mutating func member(_ name: String, number value: Double) {
        self.name(name)
        self.number(value)
    }

    /// Writes a member whose value is `true` or `false`.
    package mutating func member(_ name: String, boolean value: Bool) {
        self.name(name)
        self.boolean(value)
    }

    /// Writes a member whose value is already JSON, unchecked and unchanged.
    package mutating func member(_ name: String, raw value: some Sequence<UInt8>) {
        self.name(name)
        self.raw(value)
    }
}
