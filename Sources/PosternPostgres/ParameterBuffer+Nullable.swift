package import PosternModel

extension ParameterBuffer {
    /// Appends a `boolean` or NULL.
    package mutating func append(_ value: Bool?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `smallint` or NULL.
    package mutating func append(_ value: Int16?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends an `integer` or NULL.
    package mutating func append(_ value: Int32?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `bigint` or NULL.
    package mutating func append(_ value: Int64?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `double precision` or NULL.
    package mutating func append(_ value: Double?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `text` or NULL.
    package mutating func append(_ value: String?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `uuid` or NULL.
    package mutating func append(_ value: UniqueID?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a typed identifier as `uuid` or NULL.
    package mutating func append<ID: TypedIdentifier>(_ value: ID?) {
        if let value { self.append(value.id) } else { self.appendNull() }
    }
    /// Appends a `timestamptz` or NULL.
    package mutating func append(_ value: Timestamp?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `date` or NULL.
    package mutating func append(_ value: CivilDate?) { if let value { self.append(value) } else { self.appendNull() } }
    /// Appends a `bytea` or NULL.
    package mutating func append(bytes value: [UInt8]?) {
        if let value { self.append(bytes: value) } else { self.appendNull() }
    }
    /// Appends a `jsonb` or NULL.
    package mutating func append(jsonb value: [UInt8]?) {
        if let value { self.append(jsonb: value) } else { self.appendNull() }
    }
}
