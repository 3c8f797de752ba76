import PosternCrypto
import PosternModel

/// A platform's sender: makes the requests it would send, signed with the endpoint's secret.
struct Sender: Sendable {
    /// A request with one event in it.
    struct Message: Sendable {
        let request: HTTPRequest
        /// The key that the consumer must give the event.
        let key: String
    }

    /// The platforms this sender can play.
    static let platforms = ["meta", "stripe", "github"]

    let endpoint: Endpoint

    /// A request that carries the event `name`, signed now.
    func message(_ name: String) throws -> Message {
        switch self.endpoint.platform {
        case "meta":
            return Message(request: try self.meta([("104400000000001", [name])]), key: "mid:\(name)")
        case "stripe":
            let body =
                #"{"id":"\#(name)","object":"event","type":"charge.succeeded","created":1795219200,"data":{"object":{"id":"ch_1"}}}"#
            return Message(request: try self.signed(Array(body.utf8)), key: name)
        case "github":
            let body =
                #"{"zen":"Keep it logically awesome.","repository":{"id":1296269,"full_name":"octocat/Hello-World"}}"#
            return Message(request: try self.signed(Array(body.utf8), delivery: name), key: name)
        default:
            throw ScenarioFailure("no sender for \(self.endpoint.platform)")
        }
    }

    /// A Meta request with messages of several pages: page id and message ids for each entry.
    func meta(_ entries: [(page: String, messages: [String])]) throws -> HTTPRequest {
        let texts = entries.map { entry in
            let messages = entry.messages.map { name in
                #"{"sender":{"id":"25000000000000077"},"recipient":{"id":"\#(entry.page)"},"timestamp":1795219199100,"message":{"mid":"\#(name)","text":"hello"}}"#
            }
            return #"{"id":"\#(entry.page)","time":1795219200000,"messaging":[\#(messages.joined(separator: ","))]}"#
        }
        return try self.signed(Array(#"{"object":"page","entry":[\#(texts.joined(separator: ","))]}"#.utf8))
    }

    /// Signs any body as the platform does.
    ///
    /// - `secret`: another one than the endpoint's.
    /// - `age`: how long ago it was signed, where the platform signs a time.
    func signed(
        _ body: [UInt8],
        secret: String? = nil,
        age: Duration = .zero,
        delivery: String = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
    ) throws -> HTTPRequest {
        let key = try HMACKey(.sha256, key: Secret(secret ?? self.endpoint.secret))
        var headers: [(name: String, value: String)] = [("Content-Type", "application/json")]
        switch self.endpoint.platform {
        case "stripe":
            let time = Timestamp.now().advanced(by: .zero - age).seconds
            let signature = key.authenticate((Array("\(time).".utf8) + body).span).hexadecimal
            headers.append(("Stripe-Signature", "t=\(time),v1=\(signature)"))
        case "github":
            headers.append(("X-GitHub-Event", "push"))
            headers.append(("X-GitHub-Delivery", delivery))
            headers.append(("X-Hub-Signature-256", "sha256=\(key.authenticate(body.span).hexadecimal)"))
        default:
            headers.append(("X-Hub-Signature-256", "sha256=\(key.authenticate(body.span).hexadecimal)"))
        }
        return HTTPRequest(target: self.endpoint.path, headers: headers, body: body)
    }

    /// Sends `message` and gives the id of the stored delivery.
    ///
    /// - Throws: ``ScenarioFailure`` when the answer is not 200 with an id.
    @discardableResult
    func deliver(_ request: HTTPRequest, to port: Int) async throws -> String {
        let answer = try await request.send(to: port)
        guard answer.status == 200, let id = answer.deliveryID else { throw ScenarioFailure("not accepted: \(answer)") }
        return id
    }
}
