internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// `postern platforms verify`: compares the verdicts of our plans with those of a vector file.
struct PlatformsVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the signature plans against a file of vectors.",
        discussion: """
            Prints a line per vector and a summary; exits with 1 on any mismatch. The vectors' platform names are \
            folder names with '_' for '-', or aliases of a platform's schemes.

            Example: postern platforms verify --vectors vectors.json
            """
    )

    @Option(help: "The file of vectors.") var vectors: String
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var output: OutputOptions

    /// What became of one vector.
    private enum Outcome {
        case match
        case mismatch(String)
        case notDone(String)
    }

    mutating func run() async throws {
        let catalog = try self.catalogOptions.catalog()
        let file = try VectorFile(try InputFile.read(self.vectors))
        var matched = 0
        var mismatched = 0
        var notDone: [String: (reason: String, count: Int)] = [:]
        var lines = JSONWriter()
        lines.beginObject()
        lines.name("vectors")
        lines.beginArray()
        for vector in file.vectors {
            let expected = vector.valid ? "accepted" : "refused \(vector.expectedError ?? "")"
            let outcome = Self.check(vector, catalog)
            let word: String
            var detail = ""
            switch outcome {
            case .match:
                matched += 1
                word = "ok"
            case .mismatch(let got):
                mismatched += 1
                word = "MISMATCH"
                detail = "got \(got)"
            case .notDone(let reason):
                notDone[vector.platform, default: (reason, 0)].count += 1
                word = "not-done"
                detail = reason
            }
            if self.output.json {
                lines.beginObject()
                lines.member("id", string: vector.id)
                lines.member("result", string: word)
                lines.member("expected", string: expected)
                lines.member("detail", string: detail)
                lines.endObject()
            } else {
                print("\(word.padded(9))\(vector.id.padded(30))\(expected)\(detail.isEmpty ? "" : ": \(detail)")")
            }
        }
        lines.endArray()
        let skipped = notDone.values.reduce(0) { sum, entry in sum + entry.count }
        if self.output.json {
            lines.member("matched", integer: Int64(matched))
            lines.member("mismatched", integer: Int64(mismatched))
            lines.member("not_done", integer: Int64(skipped))
            lines.endObject()
            print(lines.text)
        } else {
            for (platform, entry) in notDone.sorted(by: { $0.key < $1.key }) {
                print("not done: \(platform), \(entry.count) vectors: \(entry.reason)")
            }
            print("\(matched) match, \(mismatched) mismatch, \(skipped) of schemes not done")
        }
        if mismatched > 0 { throw ExitCode(1) }
    }

    private static func check(_ vector: VectorFile.Vector, _ catalog: PlatformCatalog) -> Outcome {
        guard let (platform, name) = catalog.scheme(forAlias: vector.platform),
            let scheme = platform.scheme(named: name)
        else {
            return .notDone("no definition (\(vector.scheme))")
        }
        let url = URLParts(vector.url)
        let facts = RequestFacts(
            platform: platform,
            method: vector.method,
            origin: url.origin,
            target: url.target,
            headers: vector.headers
        )
        let now = vector.time ?? .now()
        do {
            let verifier = try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: vector.secrets.map { text in
                    (id: SecretID.fresh(at: now), kind: SecretKind.signing, secret: Secret(text))
                },
                parameters: vector.parameters
            )
            switch verifier.verify(facts, body: vector.body, now: now) {
            case .accepted: return vector.valid ? .match : .mismatch("accepted")
            case .refused(let failure):
                return !vector.valid && failure.rawValue == vector.expectedError
                    ? .match : .mismatch("refused \(failure.rawValue)")
            }
        } catch VerifierError.unsupported(let algorithm) {
            return .notDone("public-key scheme \(algorithm)")
        } catch {
            return .mismatch("\(error)")
        }
    }
}
