internal import Yams

/// Reads the YAML of a definition file; the only place that knows the YAML library.
package enum DefinitionFile {
    /// How deep lists and mappings may nest: far more than a definition needs, far less than the stack bears.
    private static let depthLimit = 32

    /// Reads one document; `name` is the file's name for messages.
    ///
    /// - Throws: an error with the line for text that is not YAML, several documents, aliases, repeated or unusual keys.
    package static func read(_ text: String, name: String) throws(DefinitionError) -> DefinitionNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw Self.translate(error, name: name)
        }
        guard let root else { throw DefinitionError(file: name, line: 0, reason: "the file is empty") }
        return try Self.convert(root, name: name, depth: 0)
    }

    private static func convert(_ node: Node, name: String, depth: Int) throws(DefinitionError) -> DefinitionNode {
        let line = node.mark?.line ?? 0
        func make(_ content: DefinitionNode.Content) -> DefinitionNode {
            DefinitionNode(file: name, line: line, content: content)
        }
        guard depth <= Self.depthLimit else {
            throw DefinitionError(file: name, line: line, reason: "nested deeper than \(Self.depthLimit) levels")
        }
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            return make(.text(scalar.string, isNull: isNull))
        case .sequence(let sequence):
            var items: [DefinitionNode] = []
            var before = node.mark
            for item in sequence {
                try Self.refuseAlias(item, after: before, name: name)
                items.append(try Self.convert(item, name: name, depth: depth + 1))
                before = item.mark
            }
            return make(.list(items))
        case .mapping(let mapping):
            var entries: [(name: String, line: Int, node: DefinitionNode)] = []
            for (key, value) in mapping {
                let keyLine = key.mark?.line ?? line
                guard case .scalar(let scalar) = key else {
                    throw DefinitionError(file: name, line: keyLine, reason: "a field's name must be a text")
                }
                guard !entries.contains(where: { $0.name == scalar.string }) else {
                    throw DefinitionError(
                        file: name,
                        line: keyLine,
                        reason: "the field \"\(scalar.string)\" stands here twice"
                    )
                }
                try Self.refuseAlias(value, after: key.mark, name: name)
                entries.append((scalar.string, keyLine, try Self.convert(value, name: name, depth: depth + 1)))
            }
            return make(.mapping(entries))
        case .alias:
            throw DefinitionError(file: name, line: line, reason: Self.aliasReason)
        }
    }

    private static let aliasReason = "YAML aliases are not supported: write it out"

    /// Refuses a node that stands before what it belongs to: the library puts the anchored node where the alias was.
    ///
    /// A few nested aliases can stand for more nodes than there is memory.
    private static func refuseAlias(_ node: Node, after mark: Mark?, name: String) throws(DefinitionError) {
        guard let own = node.mark, let mark, (own.line, own.column) < (mark.line, mark.column) else { return }
        throw DefinitionError(file: name, line: mark.line, reason: Self.aliasReason)
    }

    private static func translate(_ error: any Error, name: String) -> DefinitionError {
        let (line, reason): (Int, String) =
            switch error as? YamlError {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, "this is not YAML: \(problem)")
            case .duplicatedKeysInMapping(let duplicates, let context):
                (context.mark.line, "fields stand here twice: \(duplicates.sorted().joined(separator: ", "))")
            case .reader(let problem, _, _, _):
                (0, "this is not YAML: \(problem)")
            case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
                (0, "this is not YAML: \(error)")
            }
        return DefinitionError(file: name, line: line, reason: reason)
    }
}
