extension TimePlan {
    /// A year: what nobody calls a tolerance.
    private static let longest = 31_536_000

    /// Compiles `timestamp:`.
    init(
        _ node: DefinitionNode,
        syntax: SignatureSyntax,
        bindings: [String],
        scope: inout DefinitionScope
    ) throws(DefinitionError) {
        var fields = try node.fields("timestamp")
        var sources: [Source] = []
        if let source = try Self.source(&fields, node, syntax, bindings, &scope) { sources.append(source) }
        if let list = fields.take("first_of") {
            guard sources.isEmpty else { throw list.error("first_of: excludes header:, list: and json: beside it") }
            for entry in try list.list() {
                var places = try entry.fields("a place of the timestamp")
                guard let source = try Self.source(&places, entry, syntax, bindings, &scope) else {
                    throw entry.error("a timestamp stands in one place: header:, list: or json:")
                }
                sources.append(source)
                try places.finish()
            }
        }
        guard !sources.isEmpty else {
            throw node.error("a timestamp stands in one place: header:, list: or json:, or first_of: several")
        }
        self.sources = sources
        self.unit = try fields.require("unit").word()
        self.pastSeconds = try fields.take("past_seconds")?.integer(in: 0...Self.longest)
        self.futureSeconds = try fields.take("future_seconds")?.integer(in: 0...Self.longest)
        self.isEnforced = try fields.take("enforced")?.boolean() ?? true
        try fields.finish()
    }

    private static func source(
        _ fields: inout DefinitionFields,
        _ node: DefinitionNode,
        _ syntax: SignatureSyntax,
        _ bindings: [String],
        _ scope: inout DefinitionScope
    ) throws(DefinitionError) -> Source? {
        var sources: [Source] = []
        if let header = fields.take("header") { sources.append(.header(try scope.header(header))) }
        if let key = fields.take("list") {
            guard case .list = syntax else { throw key.error("list: needs a signature with list:") }
            sources.append(.listKey(try key.text()))
        }
        if let path = fields.take("json") { sources.append(.json(try scope.path(path, bindings: bindings))) }
        guard sources.count <= 1 else {
            throw node.error("a timestamp stands in one place: header:, list: or json:, or first_of: several")
        }
        return sources.first
    }
}
