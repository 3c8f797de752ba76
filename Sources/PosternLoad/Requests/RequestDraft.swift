package import PosternPlatforms

/// A request before it has a key of its own and a signature: what a run sends again and again.
package struct RequestDraft: Sendable {
    /// Where the event key stands.
    package enum KeyPlace: Equatable, Sendable {
        /// The value of the header at this position.
        case header(Int)
        /// These bytes of the body, in ascending order.
        case body([Range<Int>])
    }

    /// What it is called in messages.
    package let name: String
    /// All headers but those of the connection and of the length.
    package let headers: [HeaderLine]
    /// The body.
    package let body: [UInt8]
    /// Where the key goes.
    package let place: KeyPlace
    /// The keys it is given.
    package let key: EventKeyText
    /// What the event's own key has before and after the given one; where it does not hold the given one, nothing.
    let eventKey: (prefix: [UInt8], suffix: [UInt8])

    /// Joins the parts.
    init(
        name: String,
        headers: [HeaderLine],
        body: [UInt8],
        place: KeyPlace,
        key: EventKeyText,
        eventKey: (prefix: [UInt8], suffix: [UInt8]) = ([], [])
    ) {
        self.name = name
        self.headers = headers
        self.body = body
        self.place = place
        self.key = key
        self.eventKey = eventKey
    }

    /// Headers and body with the key of a number.
    package func filled(_ number: UInt64) -> (headers: [HeaderLine], body: [UInt8]) {
        let text = self.key.text(number)
        switch self.place {
        case .header(let index):
            var headers = self.headers
            headers[index] = HeaderLine(name: headers[index].name, value: String(decoding: text, as: UTF8.self))
            return (headers, self.body)
        case .body(let ranges):
            var body = self.body
            // From behind, so that the ranges before stay where they are.
            for range in ranges.reversed() { body.replaceSubrange(range, with: text) }
            return (self.headers, body)
        }
    }

    /// Where the keys stand in a filled body.
    package var filledPlace: KeyPlace {
        guard case .body(let ranges) = self.place else { return self.place }
        var shift = 0
        return .body(
            ranges.map { range in
                let start = range.lowerBound + shift
                shift += self.key.count - range.count
                return start..<(start + self.key.count)
            }
        )
    }

    /// Appends the event's key, as it is stored, to `output`.
    package func appendEventKey(_ number: UInt64, to output: inout [UInt8]) {
        output.append(contentsOf: self.eventKey.prefix)
        self.key.append(number, to: &output)
        output.append(contentsOf: self.eventKey.suffix)
    }
}
