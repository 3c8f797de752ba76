/// What gives an event its name, key and place: the part of a rule that nested rules inherit.
struct EventNaming: Hashable, Sendable {
    /// How an event gets its key.
    enum Key: Hashable, Sendable {
        /// The first of these that resolves; the delivery's id or the body's hash when none does.
        case templates([Template])
        /// A key that never comes again: `unique: true`.
        case unique
    }

    var type: [Template] = []
    var key = Key.templates([])
    var account: [Template] = []
    var subject: [Template] = []
    var time: [EventTime] = []

    /// Takes over what the rule sets itself.
    mutating func read(_ fields: inout DefinitionFields, bindings: [String]) throws(DefinitionError) {
        if let node = fields.take("type") { self.type = try node.templates(bindings: bindings) }
        if let node = fields.take("account") { self.account = try node.templates(bindings: bindings) }
        if let node = fields.take("subject") { self.subject = try node.templates(bindings: bindings) }
        if let node = fields.take("time") {
            self.time = []
            for item in try node.oneOrMore() { self.time.append(try EventTime(item, bindings: bindings)) }
        }
        let key = fields.take("key")
        if let key { self.key = .templates(try key.templates(bindings: bindings)) }
        if let unique = fields.take("unique"), try unique.boolean() {
            guard key == nil else { throw unique.error("a rule has either key: or unique: true") }
            self.key = .unique
        }
    }
}
