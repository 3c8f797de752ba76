extension SenderFacts {
    /// Compiles `sender:`.
    init(_ node: DefinitionNode) throws(DefinitionError) {
        var fields = try node.fields("sender")
        let answer: PlatformAnswer
        if let node = fields.take("answer") {
            answer = try PlatformAnswer(node)
        } else {
            answer = PlatformAnswer(status: 200)
        }
        let limit = try fields.take("time_limit_seconds")?.integer(in: 1...3600)
        let retries = try fields.take("retries_for_seconds")?.integer(in: 0...31_536_000)
        var connections: String?
        if let node = fields.take("connection") {
            var prose = try node.fields("connection")
            connections = try prose.require("source").text()
            try prose.finish()
        }
        var statuses: [Int: SenderAction] = [:]
        for (name, action) in try fields.take("statuses")?.fields("statuses").entries ?? [] {
            statuses[try Self.status(name, at: action)] = try action.word()
        }
        self.init(
            answer: answer,
            timeLimit: limit.map { .seconds($0) },
            retriesFor: retries.map { .seconds($0) },
            retries: try fields.take("retries")?.text(),
            connections: connections,
            statuses: statuses
        )
        try fields.finish()
    }

    private static func status(_ text: String, at node: DefinitionNode) throws(DefinitionError) -> Int {
        if text.utf8.count == 3 {
            if let exact = Int(text), (100...599).contains(exact) { return exact }
            if text.hasSuffix("xx"), let digit = Int(text.prefix(1)), (1...5).contains(digit) { return digit }
        }
        throw node.error("\"\(text)\" is neither a status such as 410 nor a class such as 4xx")
    }
}

extension PlatformAnswer {
    /// Compiles a fixed answer.
    init(_ node: DefinitionNode) throws(DefinitionError) {
        var fields = try node.fields("an answer")
        self.status = try fields.take("status")?.integer(in: 200...599) ?? 200
        self.contentType = try fields.take("content_type")?.headerValue()
        self.body = Array((try fields.take("text")?.literal() ?? "").utf8)
        self.headers = []
        guard self.contentType != nil || self.body.isEmpty else {
            throw node.error("an answer with a text needs a content_type")
        }
        try fields.finish()
    }
}
