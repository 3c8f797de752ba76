internal import PosternModel
package import PosternPlatforms
package import PosternStore

extension QuarantinedRequest {
    /// The request as it stood before the platform's plans when it was refused.
    ///
    /// Of a header that was stored without its value only the value kept beside it counts; the lines with names that
    /// begin with a colon are the store's own.
    package func facts(for platform: Platform) -> RequestFacts {
        let facts = RequestFacts(
            platform: platform,
            method: self.content.method,
            origin: self.content.origin,
            target: self.content.target
        )
        let hidden = Set(self.content.secretHeaders.map(\.name))
        for line in self.content.headers.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            if hidden.contains(name) { continue }
            var value = line[line.index(after: colon)...]
            if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
            facts.note(name, String(decoding: value, as: UTF8.self))
        }
        for header in self.content.secretHeaders {
            facts.note(header.name, String(decoding: header.value.bytes, as: UTF8.self))
        }
        return facts
    }

    /// The same request with ranges of its body replaced by asterisks; the length stays.
    ///
    /// A range beyond the body is left out.
    package func masking(_ ranges: [Range<Int>]) -> QuarantinedRequest {
        guard !ranges.isEmpty else { return self }
        var body = self.content.body
        for range in ranges where range.lowerBound >= 0 && range.upperBound <= body.count {
            for index in range { body[index] = UInt8(ascii: "*") }
        }
        return QuarantinedRequest(
            id: self.id,
            organization: self.organization,
            endpoint: self.endpoint,
            receivedAt: self.receivedAt,
            expiresAt: self.expiresAt,
            reason: self.reason,
            address: self.address,
            content: QuarantineContent(
                method: self.content.method,
                target: self.content.target,
                origin: self.content.origin,
                headers: self.content.headers,
                secretHeaders: self.content.secretHeaders,
                body: body
            )
        )
    }
}
