internal import PosternJSON

/// One element while its document is being read: children and attributes in order of first appearance.
struct XMLNode {
    /// Attributes as `@name`, children by name, each with everything that came under it.
    private(set) var members: [(name: String, values: [Value])] = []
    private(set) var text = ""
    private var places: [String: Int] = [:]

    /// What stands under a name.
    enum Value {
        case text(String)
        case node(XMLNode)
    }

    /// Adds a child or attribute.
    mutating func add(_ name: String, _ value: Value) {
        if let place = self.places[name] {
            self.members[place].values.append(value)
        } else {
            self.places[name] = self.members.count
            self.members.append((name, [value]))
        }
    }

    /// Adds character data.
    mutating func add(text: String) { self.text += text }

    /// The finished element as its parent keeps it: plain text when it has neither attributes nor children.
    var value: Value { self.members.isEmpty ? .text(self.text) : .node(self) }

    /// Writes the element as an object.
    ///
    /// - Parameters:
    ///   - writer: where to.
    ///   - name: the element's own name, given for the root alone: there is no other place for it.
    func write(to writer: inout JSONWriter, name: String? = nil) {
        writer.beginObject()
        if let name { writer.member("#name", string: name) }
        for (name, values) in self.members {
            writer.name(name)
            if values.count > 1 { writer.beginArray() }
            for value in values {
                switch value {
                case .text(let text): writer.string(text)
                case .node(let node): node.write(to: &writer)
                }
            }
            if values.count > 1 { writer.endArray() }
        }
        // Blanks between children are layout, not text.
        if self.text.contains(where: { !$0.isWhitespace }) { writer.member("#text", string: self.text) }
        writer.endObject()
    }
}
