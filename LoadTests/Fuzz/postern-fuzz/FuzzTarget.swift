internal import Glibc

/// The parsers of bytes that come from outside, each with what must hold for any input.
enum FuzzTarget: String, CaseIterable {
    case forms
    case headers
    case http
    case json
    case normalize
    case proxy
    case texts
    case verify
    case xml

    /// The one this process feeds: the word in `POSTERN_FUZZ_TARGET`.
    static let chosen: FuzzTarget = {
        let word = unsafe getenv("POSTERN_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
        guard let target = FuzzTarget(rawValue: word) else {
            print("POSTERN_FUZZ_TARGET is one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
            exit(2)
        }
        return target
    }()

    /// Reads the bytes as the parser's callers do.
    ///
    /// Ends the process when something holds no longer, which is how a fuzzer learns of it.
    func read(_ bytes: [UInt8]) {
        switch self {
        case .forms: BodyFuzz.form(bytes)
        case .headers: HeaderFuzz.read(bytes)
        case .http: HTTPFuzz.read(bytes)
        case .json: JSONFuzz.read(bytes)
        case .normalize: PlatformFuzz.normalize(bytes)
        case .proxy: ProxyFuzz.read(bytes)
        case .texts: TextFuzz.read(bytes)
        case .verify: PlatformFuzz.verify(bytes)
        case .xml: BodyFuzz.xml(bytes)
        }
    }
}
