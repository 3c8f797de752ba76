package import PosternModel
internal import PosternPlatforms

/// Makes the drafts of a run from the samples compiled into the program.
package struct DraftMaker {
    /// What the client says itself.
    private static let connectionHeaders: Set<String> = [
        "host", "content-length", "connection", "accept-encoding", "transfer-encoding",
    ]
    /// Names the delivery where no platform does.
    private static let plainKeyHeader = "Idempotency-Key"

    private let endpoint: SigningEndpoint?
    private let target: String
    private let run: UniqueID
    private let now: Timestamp

    /// Looks at one endpoint; without one, requests are plain and unsigned.
    package init(_ endpoint: SigningEndpoint?, target: String, run: UniqueID, now: Timestamp) {
        self.endpoint = endpoint
        self.target = target
        self.run = run
        self.now = now
    }

    /// The drafts in the order they are sent; at least one.
    ///
    /// - Throws: ``LoadFailure/badOption(_:)`` when the platform has no sample for the choice.
    package func drafts(_ choice: BodyChoice) throws(LoadFailure) -> [RequestDraft] {
        switch choice {
        case .sizes(let sizes):
            var drafts: [RequestDraft] = []
            for size in sizes { drafts.append(try self.draft(bytes: size)) }
            return drafts
        case .samples:
            guard let endpoint = self.endpoint else { throw .badOption("--samples: needs a --platform that has some") }
            let finder = EventKeyFinder(endpoint, target: self.target, run: self.run)
            let drafts = self.samples(of: endpoint).compactMap { sample in
                finder.draft(name: sample.name, headers: sample.headers, body: sample.body, now: self.now)
            }
            guard !drafts.isEmpty else {
                throw .badOption("--samples: \(endpoint.platform.name) has none whose event key can be exchanged")
            }
            return drafts
        }
    }

    /// A draft of exactly so many bytes, unless the signature goes into the body.
    private func draft(bytes size: Int) throws(LoadFailure) -> RequestDraft {
        guard let endpoint = self.endpoint else { return try self.plainDraft(bytes: size) }
        let finder = EventKeyFinder(endpoint, target: self.target, run: self.run)
        let samples = self.samples(of: endpoint)
        for sample in samples where sample.body.count <= size {
            let found = finder.draft(name: sample.name, headers: sample.headers, body: sample.body, now: self.now)
            if let draft = found?.padded(to: size) { return draft }
        }
        // Smaller than every sample: the least JSON there is, where the key does not come from the body.
        for sample in samples {
            let found = finder.draft(name: sample.name, headers: sample.headers, body: Array("{}".utf8), now: self.now)
            if let draft = found?.padded(to: size) { return draft }
        }
        let smallest = samples.map(\.body.count).min() ?? 0
        throw .badOption(
            "--body-bytes \(size): no sample of \(endpoint.platform.name) can be made so long; the smallest has \(smallest)"
        )
    }

    private func plainDraft(bytes size: Int) throws(LoadFailure) -> RequestDraft {
        let draft = RequestDraft(
            name: "plain",
            headers: [
                HeaderLine(name: "Content-Type", value: "application/json"),
                HeaderLine(name: Self.plainKeyHeader, value: ""),
            ],
            body: Array("{}".utf8),
            place: .header(1),
            key: EventKeyText(.uuid, run: self.run)
        )
        guard let padded = draft.padded(to: size) else { throw .badOption("--body-bytes \(size): too small") }
        return padded
    }

    private func samples(of endpoint: SigningEndpoint) -> [(name: String, headers: [HeaderLine], body: [UInt8])] {
        BuiltInSamples.samples(of: endpoint.platform.name).filter { $0.request.method == "POST" }.map { sample in
            let headers = sample.request.headers.filter { !Self.connectionHeaders.contains($0.name.lowercased()) }
            return (sample.name, headers.map { HeaderLine(name: $0.name, value: $0.value) }, sample.request.body)
        }
    }
}

extension RequestDraft {
    /// The draft with a key in its place and a body of `count` bytes; `nil` when it cannot be made so long.
    fileprivate func padded(to count: Int) -> RequestDraft? {
        let (headers, body) = self.filled(0)
        let contentType = headers.first { $0.name.lowercased() == "content-type" }?.value
        guard let padded = BodyPadding.pad(body, to: count, contentType: contentType) else { return nil }
        return RequestDraft(
            name: self.name,
            headers: headers,
            body: padded,
            // Padding goes behind, so the keys stay where they begin.
            place: self.filledPlace,
            key: self.key,
            eventKey: self.eventKey
        )
    }
}
