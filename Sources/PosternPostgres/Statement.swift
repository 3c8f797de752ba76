/// One constant SQL statement with its parameter types; each connection prepares it on first use.
package struct Statement: Sendable {
    /// The name it is prepared under: unique in the program.
    let name: String
    /// The text, with `$1`, `$2`, … for parameters.
    let sql: String
    /// The parameters' types in order.
    let types: [PostgresType]
    /// The same as OIDs, ready for libpq.
    let oids: [UInt32]

    /// Names a statement; two different statements must not share a name.
    package init(_ name: StaticString, _ sql: String, _ types: [PostgresType] = []) {
        self.init(named: name.description, sql, types)
    }

    /// Names one of several sizes of a statement: `variant` becomes part of the name (`insert_deliveries.64`).
    package init(_ name: StaticString, variant: Int, _ sql: String, _ types: [PostgresType]) {
        self.init(named: "\(name).\(variant)", sql, types)
    }

    private init(named name: String, _ sql: String, _ types: [PostgresType]) {
        // 63 bytes is what PostgreSQL keeps of a name; six are left for the generation a connection may append.
        precondition((1...57).contains(name.utf8.count), "statement name \(name): 1 to 57 bytes")
        precondition(types.count <= 65_535, "statement \(name): \(types.count) parameters, the protocol carries 65535")
        self.name = name
        self.sql = sql
        self.types = types
        self.oids = types.map(\.oid)
    }

    /// Stops the program when the parameters are not the declared ones: only our own code can cause that.
    func check(_ parameters: borrowing ParameterBuffer) {
        precondition(
            parameters.count == self.types.count,
            "statement \(self.name): \(parameters.count) parameters for \(self.types.count) declared"
        )
        for index in 0..<self.types.count {
            let tag = parameters.tags[index]
            precondition(
                tag == 0 || tag == self.types[index].rawValue,
                "statement \(self.name): parameter \(index + 1) is \(String(describing: PostgresType(rawValue: tag))), "
                    + "declared \(self.types[index])"
            )
        }
    }
}
