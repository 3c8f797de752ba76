/// The fields of one mapping, taken one by one; what nobody took is refused in the end.
package struct DefinitionFields {
    /// The mapping itself, for errors about it as a whole.
    package let node: DefinitionNode
    private let what: String
    private let all: [(name: String, line: Int, node: DefinitionNode)]
    private var known: [String] = []

    init(of node: DefinitionNode, what: String, entries: [(name: String, line: Int, node: DefinitionNode)]) {
        self.node = node
        self.what = what
        self.all = entries
    }

    /// All fields in the order of the file, for mappings whose names are free.
    package var entries: [(name: String, node: DefinitionNode)] { self.all.map { ($0.name, $0.node) } }

    /// All names in the order of the file.
    package var names: [String] { self.all.map(\.name) }

    /// The field of that name, if it is there.
    package mutating func take(_ name: String) -> DefinitionNode? {
        self.known.append(name)
        return self.all.first { $0.name == name }?.node
    }

    /// The field of that name.
    ///
    /// - Throws: an error that names the missing field.
    package mutating func require(_ name: String) throws(DefinitionError) -> DefinitionNode {
        guard let node = self.take(name) else { throw self.node.error("\(self.what) needs the field \"\(name)\"") }
        return node
    }

    /// Refuses the first field nobody took, at its own line.
    package consuming func finish() throws(DefinitionError) {
        guard let foreign = self.all.first(where: { !self.known.contains($0.name) }) else { return }
        throw DefinitionError(
            file: self.node.file,
            line: foreign.line,
            reason: "\(self.what) has no field \"\(foreign.name)\"; it has: \(self.known.joined(separator: ", "))"
        )
    }
}
