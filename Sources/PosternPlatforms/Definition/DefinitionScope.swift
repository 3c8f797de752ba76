/// What the references of one definition may name, and the headers they turn out to need.
struct DefinitionScope {
    /// The settings the definition declares.
    let parameters: Set<String>
    /// The kinds of secrets the definition declares, `signing` among them.
    let secretKinds: Set<String>
    /// The headers met so far.
    private(set) var headers = HeaderTable()

    /// Starts with what stands at the top of the definition.
    init(parameters: Set<String>, secretKinds: Set<String>) {
        self.parameters = parameters
        self.secretKinds = secretKinds
    }

    /// Reads a path.
    mutating func path(
        _ node: DefinitionNode,
        bindings: [String] = [],
        iterating: Bool = false
    ) throws(DefinitionError) -> ValuePath {
        let text = try node.text()
        let path: ValuePath
        do throws(ReferenceError) {
            path = try ValuePath(text, bindings: bindings, iterating: iterating)
        } catch {
            throw node.error(error.reason)
        }
        try self.note([path], at: node)
        return path
    }

    /// Reads a template.
    mutating func template(_ node: DefinitionNode) throws(DefinitionError) -> Template {
        let template = try node.template()
        try self.note(template.paths, at: node)
        return template
    }

    /// Reads a list of conditions; none when there is no such field.
    mutating func conditions(_ node: DefinitionNode?) throws(DefinitionError) -> [Condition] {
        guard let node else { return [] }
        var conditions: [Condition] = []
        for entry in try node.oneOrMore() {
            let text = try entry.text()
            do throws(ReferenceError) {
                conditions.append(try Condition(text))
            } catch {
                throw entry.error(error.reason)
            }
            try self.note(conditions.flatMap(\.paths), at: entry)
        }
        return conditions
    }

    /// Gives a header named in the definition its slot.
    mutating func header(_ node: DefinitionNode) throws(DefinitionError) -> HeaderSlot {
        self.headers.slot(for: try node.headerName())
    }

    /// Gives a family of numbered headers its place.
    mutating func numberedHeader(_ node: DefinitionNode) throws(DefinitionError) -> NumberedHeader {
        self.headers.numberedHeader(for: try node.headerName())
    }

    /// Gives a header a slot that no field names.
    mutating func header(named name: String) -> HeaderSlot { self.headers.slot(for: name) }

    /// The name of a declared setting.
    func parameter(_ node: DefinitionNode) throws(DefinitionError) -> String {
        let name = try node.text()
        try self.require(name, at: node)
        return name
    }

    private mutating func note(_ paths: [ValuePath], at node: DefinitionNode) throws(DefinitionError) {
        for path in paths {
            if let header = path.headerName { _ = self.headers.slot(for: header) }
            if let parameter = path.parameterName { try self.require(parameter, at: node) }
        }
    }

    private func require(_ parameter: String, at node: DefinitionNode) throws(DefinitionError) {
        guard self.parameters.contains(parameter) else {
            throw node.error("the setting \"\(parameter)\" is not declared under parameters:")
        }
    }
}
