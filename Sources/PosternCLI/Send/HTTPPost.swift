internal import Foundation
internal import FoundationNetworking
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

    /// Sends a request and waits for its answer, 30 seconds at most.
    ///
    /// - Throws: ``CommandFailure`` when nobody answers.
    static func send(_ request: SignedRequest) async throws -> Answer {
        let address = request.origin + request.target
        guard let url = URL(string: address) else {
            throw CommandFailure(code: "bad_url", message: "'\(address)' is not a URL")
        }
        var message = URLRequest(url: url, timeoutInterval: 30)
        message.httpMethod = "POST"
        message.httpBody = Data(request.body)
        for line in request.headers { message.setValue(line.value, forHTTPHeaderField: line.name) }
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let started = ContinuousClock.now
        do {
            let (data, response) = try await session.data(for: message)
            let elapsed = ContinuousClock.now - started
            guard let response = response as? HTTPURLResponse else {
                throw CommandFailure(code: "no_answer", message: "\(address) did not answer in HTTP")
            }
            return Answer(
                status: response.statusCode,
                headers: response.allHeaderFields.compactMap { name, value in
                    (name as? String).map { name in (name: name, value: "\(value)") }
                },
                body: Array(data),
                milliseconds: Int(elapsed / .milliseconds(1))
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                code: "no_answer",
                message:
                    "\(address) does not answer: \(error.localizedDescription); is the gateway running? Give its address with --url"
            )
        }
    }
}
