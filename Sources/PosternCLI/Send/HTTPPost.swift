internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import PosternOutbound
internal import PosternPlatforms

/// Posts one signed request.
enum HTTPPost {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: [UInt8]
        let milliseconds: Int
    }

    /// The most bytes of an answer that are read.
    private static let answerBytes = 1 << 20

    /// Sends a request and waits for its answer, 30 seconds at most.
    ///
    /// - Throws: ``CommandFailure`` when nobody answers.
    static func send(_ request: SignedRequest) async throws -> Answer {
        let address = request.origin + request.target
        var message = HTTPClientRequest(url: address)
        message.method = .POST
        message.body = .bytes(request.body)
        for line in request.headers { message.headers.replaceOrAdd(name: line.name, value: line.value) }
        let started = ContinuousClock.now
        do {
            let response = try await HTTPClient.shared.execute(message, timeout: .seconds(30))
            let body = try await response.body.collect(upTo: Self.answerBytes)
            let elapsed = ContinuousClock.now - started
            return Answer(
                status: Int(response.status.code),
                headers: response.headers.map { (name: $0.name, value: $0.value) },
                body: Array(body.readableBytesView),
                milliseconds: Int(elapsed / .milliseconds(1))
            )
        } catch let error as HTTPClientError where Self.isAddressFault(error) {
            throw CommandFailure(code: "bad_url", message: "'\(address)' is not a URL")
        } catch {
            let (failure, detail) = OutboundFailure.of(error)
            let why = failure == .connect ? "nobody takes a connection there" : detail
            throw CommandFailure(
                code: "no_answer",
                message: "\(address) does not answer: \(why); is the gateway running? Give its address with --url"
            )
        }
    }

    private static func isAddressFault(_ error: HTTPClientError) -> Bool {
        [.invalidURL, .emptyHost, .emptyScheme].contains(error)
    }
}
