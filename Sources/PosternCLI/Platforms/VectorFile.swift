internal import PosternJSON
internal import PosternModel

/// A file of signature vectors: requests with the verdict a correct verifier gives.
struct VectorFile {
    /// One request with its verdict.
    struct Vector {
        let id: String
        let platform: String
        let scheme: String
        let secrets: [String]
        let parameters: [String: String]
        let method: String
        let url: String
        let headers: [(name: String, value: String)]
        let body: [UInt8]
        /// The clock the verifier is given; `nil` where the scheme has no time.
        let time: Timestamp?
        let valid: Bool
        let expectedError: String?
    }

    /// The vectors in the order of the file.
    let vectors: [Vector]

    /// Reads a file's bytes.
    ///
    /// - Throws: ``CommandFailure`` naming the vector that cannot be read.
    init(_ bytes: [UInt8]) throws {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes: bytes)
        } catch {
            throw CommandFailure(code: "bad_vectors", message: "the file is not JSON: \(error)")
        }
        guard document.root.kind == .array else {
            throw CommandFailure(code: "bad_vectors", message: "the file is not a list of vectors")
        }
        self.vectors = try document.root.elements.enumerated().map { index, value in
            guard let id = value.member("id")?.text, let platform = value.member("platform")?.text,
                let request = value.member("request"), let method = request.member("method")?.text,
                let url = request.member("url")?.text, let body = request.member("body")?.text,
                let valid = value.member("valid")?.boolean
            else {
                throw CommandFailure(
                    code: "bad_vectors",
                    message: "vector \(index + 1) lacks id, platform, request or valid"
                )
            }
            var parameters: [String: String] = [:]
            for name in ["app_key"] { parameters[name] = value.member(name)?.text }
            return Vector(
                id: id,
                platform: platform,
                scheme: value.member("scheme")?.text ?? "",
                secrets: [value.member("secret")?.text, value.member("secondary_secret")?.text].compactMap { $0 },
                parameters: parameters,
                method: method,
                url: url,
                headers: request.member("headers")?.members.compactMap { name, value in
                    value.text.map { text in (name: name, value: text) }
                } ?? [],
                body: Array(body.utf8),
                time: value.member("timestamp")?.integer.map { Timestamp(seconds: $0) },
                valid: valid,
                expectedError: value.member("expected_error")?.text
            )
        }
    }
}
