extension DefinitionNode {
    /// The node's text as a path.
    func path(bindings: [String], iterating: Bool = false) throws(DefinitionError) -> ValuePath {
        try self.path(try self.text(), bindings: bindings, iterating: iterating)
    }

    /// A part of the node's text as a path.
    func path(_ text: String, bindings: [String], iterating: Bool = false) throws(DefinitionError) -> ValuePath {
        do throws(ReferenceError) {
            return try ValuePath(text, bindings: bindings, iterating: iterating)
        } catch {
            throw self.error(error.reason)
        }
    }

    /// The node's text, or each of its list, as a template.
    func templates(bindings: [String]) throws(DefinitionError) -> [Template] {
        var templates: [Template] = []
        for node in try self.oneOrMore() {
            let text = try node.text()
            do throws(ReferenceError) {
                templates.append(try Template(text, bindings: bindings))
            } catch {
                throw node.error(error.reason)
            }
        }
        return templates
    }

    /// The node's text, or each of its list, as a condition.
    func conditions(bindings: [String]) throws(DefinitionError) -> [Condition] {
        var conditions: [Condition] = []
        for node in try self.oneOrMore() {
            let text = try node.text()
            do throws(ReferenceError) {
                conditions.append(try Condition(text, bindings: bindings))
            } catch {
                throw node.error(error.reason)
            }
        }
        return conditions
    }
}
