package import PosternModel
internal import PosternPlatforms

/// Everything that can be prepared of the requests to one server; all event loops share it.
package struct TargetRequests: Sendable {
    /// How requests come to their signatures.
    enum Signing: Sendable {
        /// By the templates of every path and draft, right and wrong: draft by draft within each path.
        case once(genuine: [RequestTemplate], forged: [RequestTemplate])
        /// Each on its own.
        case each(SigningEndpoint)
    }

    /// How they are signed.
    let signing: Signing
    /// Path and query of each URL.
    let paths: [String]
    /// What is sent in turn.
    let drafts: [RequestDraft]
    /// Host and port, as in the URLs.
    let authority: String

    /// Prepares the requests.
    ///
    /// - Parameters:
    ///   - drafts: what is sent in turn.
    ///   - endpoint: what signs; `nil` for plain requests.
    ///   - paths: path and query of each URL.
    ///   - authority: host and port, as in the URLs.
    ///   - forgeries: whether wrong signatures are needed too.
    ///   - now: the time to sign with.
    /// - Throws: ``LoadFailure/signing(_:)``.
    package init(
        _ drafts: [RequestDraft],
        _ endpoint: SigningEndpoint?,
        paths: [String],
        authority: String,
        forgeries: Bool,
        now: Timestamp
    ) throws(LoadFailure) {
        self.drafts = drafts
        self.paths = paths
        self.authority = authority
        var templates: [Bool: [RequestTemplate]] = [:]
        // The bodies of all paths are one, unless the platform signs the URL into them.
        var bodies: [Int: RequestBytes] = [:]
        for forged in forgeries ? [false, true] : [false] {
            bodies.removeAll()
            for path in paths {
                for (index, draft) in drafts.enumerated() {
                    let made: RequestTemplate?
                    do throws(SigningError) {
                        made = try RequestTemplate(
                            draft,
                            endpoint,
                            target: path,
                            authority: authority,
                            forged: forged,
                            now: now
                        )
                    } catch {
                        throw .signing("\(draft.name): \(error)")
                    }
                    guard let made else {
                        guard let endpoint else { throw .signing("\(draft.name): it has no place for a key") }
                        self.signing = .each(endpoint)
                        return
                    }
                    let shared = made.sharing(bodies[index])
                    bodies[index] = shared.bytes
                    templates[forged, default: []].append(shared)
                }
            }
        }
        self.signing = .once(genuine: templates[false] ?? [], forged: templates[true] ?? [])
    }

    /// Signs and serializes one request.
    ///
    /// - Throws: ``LoadFailure/signing(_:)``.
    func make(turn: Int, number: UInt64, forged: Bool, now: Timestamp) throws(LoadFailure) -> RequestBytes {
        switch self.signing {
        case .once: preconditionFailure("templates are filled in by the source")
        case .each(let endpoint):
            let (path, draft) = self.position(turn)
            do throws(SigningError) {
                let request = try endpoint.sign(
                    self.drafts[draft],
                    number,
                    target: self.paths[path],
                    forged: forged,
                    now: now
                )
                return RequestBytes(request, authority: self.authority)
            } catch {
                throw .signing("\(self.drafts[draft].name): \(error)")
            }
        }
    }

    /// The path and the draft of the n-th request: paths in turn, and with each round of them the next draft.
    func position(_ turn: Int) -> (path: Int, draft: Int) {
        let (round, path) = turn.quotientAndRemainder(dividingBy: self.paths.count)
        return (path, round % self.drafts.count)
    }
}

extension RequestTemplate {
    /// The same with the body of another, if it is equal, so that it is in memory once.
    fileprivate func sharing(_ other: RequestBytes?) -> RequestTemplate {
        guard let other, other.body == self.bytes.body else { return self }
        return RequestTemplate(
            bytes: RequestBytes(head: self.bytes.head, body: other.body),
            keyPosition: self.keyPosition
        )
    }
}
