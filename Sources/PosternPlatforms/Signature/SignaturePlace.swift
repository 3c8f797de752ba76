/// What a definition says under `signature:` inside a scheme: the place and the form in it.
struct SignaturePlace {
    let location: SignatureLocation
    let syntax: SignatureSyntax

    /// Compiles the fields; exactly one place and at most one syntax.
    init(_ node: DefinitionNode, bindings: [String], scope: inout DefinitionScope) throws(DefinitionError) {
        var fields = try node.fields("signature")
        var locations: [SignatureLocation] = []
        if let header = fields.take("header") { locations.append(.headers([try scope.header(header)])) }
        if let headers = fields.take("headers") {
            var slots: [HeaderSlot] = []
            for header in try headers.oneOrMore() { slots.append(try scope.header(header)) }
            locations.append(.headers(slots))
        }
        if let header = fields.take("numbered_header") { locations.append(.numbered(try scope.numberedHeader(header))) }
        if let path = fields.take("json") { locations.append(.json(try scope.path(path, bindings: bindings))) }
        if let name = fields.take("form") { locations.append(.form(try name.text())) }
        guard locations.count == 1, let location = locations.first else {
            throw node.error("a signature stands in one place: header:, headers:, numbered_header:, json: or form:")
        }
        let prefix = try fields.take("prefix")?.text()
        let optionalPrefix = try fields.take("optional_prefix")?.text()
        let list = fields.take("list")
        let tags = fields.take("tags")
        let count = (prefix == nil && optionalPrefix == nil ? 0 : 1) + (list == nil ? 0 : 1) + (tags == nil ? 0 : 1)
        guard count <= 1 else { throw node.error("prefix:, list: and tags: exclude each other") }
        if let list {
            var entries = try list.fields("list")
            self.syntax = .list(
                separator: try entries.require("separator").character(),
                key: try entries.require("key").text()
            )
            try entries.finish()
        } else if let tags {
            var entries = try tags.fields("tags")
            self.syntax = .tags(
                separator: try entries.require("separator").character(),
                tag: try entries.require("tag").text()
            )
            try entries.finish()
        } else {
            self.syntax = .plain(prefix: prefix, optionalPrefix: optionalPrefix)
        }
        self.location = location
        try fields.finish()
    }
}
