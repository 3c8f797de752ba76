/// One rule of the `events:` section, ready to run.
struct EventRule: Hashable, Sendable {
    /// How deep rules may nest; more is a mistake, and rules run recursively.
    private static let depthLimit = 8

    /// What the rule runs for; once when `nil`.
    let each: ValuePath?
    /// What must hold for an item.
    let conditions: [Condition]
    /// How the rule's events are named; inherited parts included.
    let naming: EventNaming
    /// What an event's data is; the innermost bound item, or the body, when `nil`.
    let data: ValuePath?
    /// Whether the rule's own events are of a known kind.
    let recognized: Bool
    /// The rules that run for each item; the rule itself speaks only when they say nothing.
    let nested: [EventRule]

    /// Reads the rules of one list.
    ///
    /// - Parameters:
    ///   - node: the list.
    ///   - bindings: the names bound by the rules around it.
    ///   - inherited: the naming of the rule around it.
    ///   - data: the data of the rule around it.
    /// - Returns: the rules in order.
    /// - Throws: ``DefinitionError`` at the line of the first fault.
    static func list(
        _ node: DefinitionNode,
        bindings: [String] = [],
        inherited: EventNaming = EventNaming(),
        data: ValuePath? = nil
    ) throws(DefinitionError) -> [EventRule] {
        var rules: [EventRule] = []
        for node in try node.list() {
            rules.append(try EventRule(node, bindings: bindings, inherited: inherited, data: data))
        }
        return rules
    }

    private init(
        _ node: DefinitionNode,
        bindings outer: [String],
        inherited: EventNaming,
        data: ValuePath?
    ) throws(DefinitionError) {
        var fields = try node.fields("an event rule")
        let each = fields.take("each")
        self.each = try each?.path(bindings: outer, iterating: true)
        var bindings = outer
        if let name = fields.take("as") {
            guard each != nil else { throw name.error("as: names what each: finds, and there is no each:") }
            bindings.append(try Self.bindingName(name))
        } else if each != nil {
            bindings.append("item")
        }
        guard bindings.count <= Self.depthLimit else {
            throw node.error("event rules nest deeper than \(Self.depthLimit) levels")
        }
        self.conditions = try fields.take("when")?.conditions(bindings: bindings) ?? []
        var naming = inherited
        try naming.read(&fields, bindings: bindings)
        self.naming = naming
        // A rule that binds nothing looks at the item of the rule around it, so that rule's data is meant.
        let ownData = try fields.take("data")?.path(bindings: bindings)
        self.data = ownData ?? (each == nil ? data : nil)
        self.recognized = try fields.take("recognized")?.boolean() ?? true
        let nested = fields.take("events")
        if let nested {
            self.nested = try Self.list(nested, bindings: bindings, inherited: naming, data: self.data)
        } else {
            self.nested = []
        }
        try fields.finish()
        guard !naming.type.isEmpty || !self.nested.isEmpty else {
            throw node.error("an event rule needs a type:, its own or that of a rule around it")
        }
    }

    private static func bindingName(_ node: DefinitionNode) throws(DefinitionError) -> String {
        let name = try node.text()
        guard !name.isEmpty, name.utf8.allSatisfy(ReferenceReader.isWord) else {
            throw node.error("\"\(name)\" is no name: letters, digits, _ and - make one")
        }
        guard !ValuePath.reservedNames.contains(name) else {
            throw node.error("\"\(name)\" already means something in references: choose another name")
        }
        return name
    }
}
