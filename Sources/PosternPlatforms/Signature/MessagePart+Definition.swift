extension MessagePart {
    /// Compiles one entry of `message:`: a word, or a mapping with one field that says more.
    init(_ node: DefinitionNode, bindings: [String], scope: inout DefinitionScope) throws(DefinitionError) {
        guard node.isMapping else {
            switch try node.text() {
            case "body": self = .body
            case "timestamp": self = .timestamp
            case "method": self = .method
            case "url": self = .url
            case "form_sorted": self = .sortedForm
            case "secret": self = .secret
            case let other:
                throw node.error(
                    "\"\(other)\" is no part of a message; there are body, timestamp, method, url, form_sorted, secret, "
                        + "{literal: …}, {header: …}, {json: …}, {parameter: …} and {body: ascii-escaped}"
                )
            }
            return
        }
        var fields = try node.fields("a message part")
        var parts: [MessagePart] = []
        if let literal = fields.take("literal") { parts.append(.literal(Array(try literal.text().utf8))) }
        if let header = fields.take("header") { parts.append(.header(try scope.header(header))) }
        if let name = fields.take("parameter") { parts.append(.parameter(try scope.parameter(name))) }
        if let body = fields.take("body") {
            guard try body.text() == "ascii-escaped" else { throw body.error("the body is plain or ascii-escaped") }
            parts.append(.escapedBody)
        }
        if let path = fields.take("json") {
            let absent = fields.take("absent")
            if let absent, try absent.text() != "empty" { throw absent.error("absent: can be empty only") }
            parts.append(.json(try scope.path(path, bindings: bindings), absentIsEmpty: absent != nil))
        }
        guard parts.count == 1, let part = parts.first else {
            throw node.error("a message part is one of literal:, header:, json:, parameter: and body:")
        }
        self = part
        try fields.finish()
    }
}
