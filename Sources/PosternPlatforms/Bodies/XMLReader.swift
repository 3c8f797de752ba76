/// Reads one XML document, strictly, without document types and therefore without entities of its own.
///
/// Iterative and bounded; safe on any input. Names beyond ASCII are not checked letter by letter. It is Postern's own
/// because FoundationXML crashes on `<?p?>` and accepts `<a/><b/>` (Swift 6.3.1 on Linux).
///
/// Source: XML 1.0 (fifth edition), sections 2 to 4.
struct XMLReader {
    private let limits: XMLLimits
    private var nodes = 0
    private var open: [(name: String, node: XMLNode)] = []
    private var root: (name: String, node: XMLNode)?
    let bytes: [UInt8]
    var position = 0

    /// Takes text that is known to be UTF-8.
    init(_ bytes: [UInt8], limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The byte at the cursor, or `nil` at the end.
    var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    /// Reads the whole document and returns its root element.
    mutating func document() throws(NormalizationError) -> (name: String, node: XMLNode) {
        _ = self.take("\u{FEFF}")
        if self.follows("<?xml"), let after = self.byte(5), Self.isBlank(after) { try self.skip(past: "?>") }
        while let byte = self.next {
            if byte != UInt8(ascii: "<") {
                try self.text()
            } else if self.take("<!--") {
                try self.comment()
            } else if self.follows("<?") {
                try self.instruction()
            } else if self.take("<![CDATA[") {
                try self.literalText()
            } else if self.follows("<!") {
                throw self.malformed("declarations such as document types are refused")
            } else if self.take("</") {
                try self.endTag()
            } else {
                try self.startTag()
            }
        }
        guard self.open.isEmpty else { throw self.malformed("\"</\(self.open.last?.name ?? "")>\" is missing") }
        guard let root = self.root else { throw self.malformed("there is no element") }
        return root
    }

    private mutating func startTag() throws(NormalizationError) {
        guard self.root == nil else { throw self.malformed("a second root element") }
        guard self.open.count < self.limits.depth else { throw .tooDeep(limit: self.limits.depth) }
        self.position += 1
        let name = try self.name()
        try self.count()
        var node = XMLNode()
        var seen: Set<String> = []
        while true {
            let blanks = self.skipBlanks()
            if self.take("/>") {
                self.close(name, node)
                return
            }
            if self.take(">") {
                self.open.append((name, node))
                return
            }
            guard blanks else { throw self.malformed("a blank, \">\" or \"/>\" is missing") }
            let attribute = try self.name()
            _ = self.skipBlanks()
            guard self.take("=") else { throw self.malformed("\"=\" is missing") }
            _ = self.skipBlanks()
            let value = try self.attributeValue()
            guard seen.insert(attribute).inserted else { throw self.malformed("the attribute stands here twice") }
            try self.count()
            if attribute != "xmlns", !attribute.hasPrefix("xmlns:") { node.add("@" + attribute, .text(value)) }
        }
    }

    private mutating func endTag() throws(NormalizationError) {
        let name = try self.name()
        _ = self.skipBlanks()
        guard self.take(">") else { throw self.malformed("\">\" is missing") }
        guard let (expected, node) = self.open.popLast(), expected == name else {
            throw self.malformed("the end tag does not match")
        }
        self.close(name, node)
    }

    private mutating func close(_ name: String, _ node: XMLNode) {
        if self.open.isEmpty {
            self.root = (name, node)
        } else {
            self.open[self.open.count - 1].node.add(name, node.value)
        }
    }

    /// Reads character data up to the next tag; outside the root there may be blanks only.
    private mutating func text() throws(NormalizationError) {
        guard !self.open.isEmpty else {
            guard self.skipBlanks() else { throw self.malformed("text outside the root element") }
            return
        }
        let text = try self.characters(until: UInt8(ascii: "<"), isAttribute: false)
        self.open[self.open.count - 1].node.add(text: text)
    }

    private mutating func literalText() throws(NormalizationError) {
        guard !self.open.isEmpty else { throw self.malformed("text outside the root element") }
        let start = self.position
        try self.skip(past: "]]>")
        let text = try self.normalized(start..<self.position - 3)
        self.open[self.open.count - 1].node.add(text: text)
    }

    private mutating func comment() throws(NormalizationError) {
        try self.skip(past: "--")
        guard self.take(">") else { throw self.malformed("\"--\" inside a comment") }
    }

    private mutating func instruction() throws(NormalizationError) {
        self.position += 2
        let target = try self.name()
        guard target.lowercased() != "xml" else { throw self.malformed("an XML declaration that does not stand first") }
        guard self.follows("?>") || self.skipBlanks() else { throw self.malformed("a blank or \"?>\" is missing") }
        try self.skip(past: "?>")
    }

    private mutating func count() throws(NormalizationError) {
        self.nodes += 1
        guard self.nodes <= self.limits.nodes else { throw .tooManyFields(limit: self.limits.nodes) }
    }
}
