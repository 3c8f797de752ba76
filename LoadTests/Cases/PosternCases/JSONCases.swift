internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// Reading JSON: checking and indexing a list of events as platforms write them.
enum JSONCases {
    /// Two allocations hold the index, and the document is an object.
    private static let claim = AllocationClaim.calls(3)

    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        [1024, 8192, 65_536, 1 << 20].map { bytes in
            MeasuredCase("json/read, \(bytes) B", claim: Self.claim, isLarge: bytes >= 65_536) {
                () throws(CaseFailure) in
                let text = try Self.list(bytes: bytes)
                return { (count: Int) throws(CaseFailure) in
                    for _ in 0..<count {
                        guard let document = try? JSONDocument(bytes: text), document.root.count > 0 else {
                            throw .wrongResult("the list cannot be read")
                        }
                    }
                }
            }
        }
    }

    /// A list of exactly so many bytes, of as many of a platform's sample as fit.
    static func list(bytes: Int) throws(CaseFailure) -> [UInt8] {
        let samples = BuiltInSamples.samples(of: try PlatformRequest.name("github"))
        guard let sample = samples.first(where: { $0.name == "issue-opened" }), let end = sample.request.body.last
        else {
            throw .cannotPrepare("a sample of GitHub's is gone")
        }
        // A file may end in a line break.
        let item = end == UInt8(ascii: "\n") ? Array(sample.request.body.dropLast()) : sample.request.body
        return Self.list(of: item, bytes: bytes)
    }

    /// A list of exactly so many bytes, of as many equal items as fit.
    static func list(of item: [UInt8], bytes: Int) -> [UInt8] {
        var text = [UInt8(ascii: "[")] + item
        while text.count + item.count + 2 <= bytes { text += [UInt8(ascii: ",")] + item }
        text.append(UInt8(ascii: "]"))
        return text + Array(repeating: UInt8(ascii: " "), count: max(0, bytes - text.count))
    }
}
