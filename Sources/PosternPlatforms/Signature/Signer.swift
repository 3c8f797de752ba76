internal import PosternCrypto
package import PosternModel

/// Signs requests the way a platform does, from the plan that verifies them: for trying an endpoint out and for load.
///
/// Not an oracle: that the plans are right is proven by requests others have signed.
package struct Signer: Sendable {
    private let verifier: Verifier
    private var platform: Platform { self.verifier.platform }

    /// Signs with the newest secret of an endpoint.
    package init(_ verifier: Verifier) { self.verifier = verifier }

    /// Signs a request, with the time `now` where the platform signs one.
    ///
    /// The delivery id stands in for headers that are signed but not in the request, such as a message id.
    ///
    /// - Throws: what keeps the signature from its place.
    package func sign(
        _ request: SignedRequest,
        now: Timestamp,
        deliveryID: String
    ) throws(SigningError) -> SignedRequest {
        var signed = request
        guard let form = self.form(&signed) else { return signed }
        for requirement in form.plan.requirements where !requirement.holds(signed.facts(self.platform)) {
            let name = self.platform.headers.spelledNames[requirement.header.index]
            switch requirement.test {
            case .equals(let text), .contains(let text): signed.set(name, text)
            }
        }
        switch form.plan.method {
        case .none, .unsupported: break
        case .urlToken: Self.place(form, inTargetOf: &signed)
        case .token(let plan): try self.place(plan, form, &signed)
        case .hmac(let plan, _), .digest(let plan): try self.sign(plan, form, &signed, now, deliveryID)
        }
        return signed
    }

    /// Chooses the form the platform would use, and puts the hash of the body where that form has it.
    private func form(_ request: inout SignedRequest) -> VerifierForm? {
        let type = MediaType(request.facts(self.platform).header(self.platform.contentType))
        if type != .form, let form = self.verifier.forms.first(where: { $0.plan.bodyDigest != nil }),
            let digest = form.plan.bodyDigest, let hash = try? HashStream.digest(digest.digest, request.body.span)
        {
            if request.facts(self.platform).query(digest.query) == nil {
                request.target += request.target.contains("?") ? "&" : "?"
                request.target += "\(digest.query)=\(digest.encoding.encode(hash))"
            }
            return form
        }
        let facts = request.facts(self.platform)
        let scope = self.verifier.source(facts).scope(self.platform, body: request.body)
        guard case .form(let form) = self.verifier.choose(facts, scope) else { return self.verifier.forms.last }
        return form
    }

    private func scope(_ request: SignedRequest) -> ReferenceScope {
        self.verifier.source(request.facts(self.platform)).scope(self.platform, body: request.body)
    }

    private func set(
        _ path: ValuePath,
        to text: String,
        _ item: Int?,
        _ items: ValuePath?,
        _ request: inout SignedRequest
    )
        throws(SigningError)
    {
        var scope = self.scope(request)
        if let items, let item {
            let all = items.items(in: scope)
            scope = scope.binding(all[item])
        }
        guard let body = JSONEdit.set(path, to: text, in: scope) else { throw .cannotPlace(path.description) }
        request.body = body
    }

    /// Puts the secret behind the path.
    private static func place(_ form: VerifierForm, inTargetOf request: inout SignedRequest) {
        guard let key = form.keys.first else { return }
        let target = request.target
        let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        request.target = target[..<end] + "/" + String(decoding: key.secret.bytes, as: UTF8.self) + target[end...]
    }

    private func place(_ plan: TokenPlan, _ form: VerifierForm, _ request: inout SignedRequest) throws(SigningError) {
        guard let key = form.keys.first else { return }
        let token = String(decoding: key.secret.bytes, as: UTF8.self)
        switch plan.location {
        case .header(let slot): request.set(self.platform.headers.spelledNames[slot.index], token)
        case .json(let path): try self.set(path, to: token, nil, nil, &request)
        case .eachItem(let items, let path):
            let count = items.items(in: self.scope(request)).count
            guard count > 0 else { throw .noItems(items.description) }
            for index in 0..<count { try self.set(path, to: token, index, items, &request) }
        }
    }

    private func sign(
        _ plan: MessagePlan,
        _ form: VerifierForm,
        _ request: inout SignedRequest,
        _ now: Timestamp,
        _ deliveryID: String
    ) throws(SigningError) {
        let items = plan.items?.items(in: self.scope(request)).count ?? 1
        guard items > 0 else { throw .noItems(plan.items?.description ?? "") }
        for part in plan.parts {
            guard case .header(let slot) = part, request.facts(self.platform).header(slot) == nil else { continue }
            request.set(self.platform.headers.spelledNames[slot.index], deliveryID)
        }
        for item in 0..<items {
            let time = try self.place(plan, now, item, &request)
            var scope = self.scope(request)
            if let path = plan.items {
                let all = path.items(in: scope)
                scope = scope.binding(all[item])
            }
            let feed = MessageFeed(
                plan: plan,
                facts: request.facts(self.platform),
                parameters: self.verifier.parameters,
                time: time?[...],
                body: request.body,
                scope: scope
            )
            let (code, algorithm) = try self.code(plan, form, feed)
            try self.place(plan.encoding.encode(code), algorithm, plan, time, item, &request)
        }
    }

    /// Writes the signed time to its place; gives what was written.
    private func place(
        _ plan: MessagePlan,
        _ now: Timestamp,
        _ item: Int,
        _ request: inout SignedRequest
    ) throws(SigningError) -> String? {
        guard let time = plan.time, let source = time.sources.first else { return nil }
        let text = time.unit.write(now)
        switch source {
        case .header(let slot): request.set(self.platform.headers.spelledNames[slot.index], text)
        case .listKey: break
        case .json(let path): try self.set(path, to: text, item, plan.items, &request)
        }
        return text
    }

    private func code(
        _ plan: MessagePlan,
        _ form: VerifierForm,
        _ start: MessageFeed
    ) throws(SigningError) -> (Digest, DigestAlgorithm) {
        var feed = start
        let algorithms = plan.digests.all
        let position = algorithms.firstIndex(of: .sha256) ?? 0
        guard let key = form.keys.first, algorithms.indices.contains(position) else { throw .missingPart }
        if key.hmacKeys.isEmpty {
            feed.secret = key.secret.bytes
            guard var stream = try? HashStream(algorithms[position]), feed.feedAll(into: &stream) else {
                throw .missingPart
            }
            return (stream.finish(), algorithms[position])
        }
        var stream = HMACStream(key.hmacKeys[position])
        guard feed.feedAll(into: &stream) else { throw .missingPart }
        return (stream.finish(), algorithms[position])
    }

    /// Writes the signature to its place, in its form.
    private func place(
        _ signature: String,
        _ algorithm: DigestAlgorithm,
        _ plan: MessagePlan,
        _ time: String?,
        _ item: Int,
        _ request: inout SignedRequest
    ) throws(SigningError) {
        let value: String
        switch plan.syntax {
        case .plain(let prefix, _): value = (prefix ?? "") + signature
        case .digestPrefix: value = "\(algorithm.rawValue)=\(signature)"
        case .tags(_, let tag): value = "\(tag),\(signature)"
        case .list(let separator, let key):
            let mark = String(decoding: [separator], as: UTF8.self)
            let timed = plan.time?.listKey.flatMap { key in time.map { "\(key)=\($0)\(mark)" } } ?? ""
            value = "\(timed)\(key)=\(signature)"
        }
        switch plan.location {
        case .headers(let slots):
            guard let slot = slots.first else { return }
            request.set(self.platform.headers.spelledNames[slot.index], value)
        case .numbered(let header): request.set(self.platform.headers.spelledPrefixes[header.index] + "1", value)
        case .json(let path): try self.set(path, to: value, item, plan.items, &request)
        case .form(let name): throw .cannotPlace("form:\(name)")
        }
    }
}
