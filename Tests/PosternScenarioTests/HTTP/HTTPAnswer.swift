import FoundationEssentials

/// An answer as it came over the wire.
struct HTTPAnswer: Sendable, CustomStringConvertible {
    /// What every failure of Postern says about itself.
    struct Failure: Decodable {
        let success: Bool
        let message: String
        let code: String
        let suggested_action: String
        let retry_after: Int?
    }

    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    /// The first field of this name, in any case.
    subscript(name: String) -> String? {
        self.headers.first { header in header.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(decoding: self.body, as: UTF8.self) }

    /// The delivery's id of an accepted request.
    var deliveryID: String? { self["Postern-Delivery-Id"] }

    /// The body as a failure.
    ///
    /// - Throws: `DecodingError` when it is none.
    func failure() throws -> Failure { try self.decoded(as: Failure.self) }

    /// The failure's code; `nil` when the body is none.
    var code: String? { (try? self.failure())?.code }

    /// The body read as JSON.
    func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(self.body))
    }

    var description: String { "\(self.status) \(self.text.prefix(300))" }
}
