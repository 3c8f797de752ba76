internal import PosternModel

/// How many bytes are left in the quarantine of each endpoint, and for each of its senders.
struct QuarantineLedger {
    private struct Sender: Hashable {
        let endpoint: EndpointID
        let source: String
    }

    private let limits: [EndpointID: Int]
    private var ofEndpoint: [EndpointID: Int] = [:]
    private var ofSender: [Sender: Int] = [:]

    /// Begins with empty quarantines.
    init(limits: [EndpointID: Int]) { self.limits = limits }

    /// Adds what is stored already: of a sender, or of others (`nil`).
    mutating func note(_ bytes: Int64, endpoint: EndpointID, source: String?) {
        self.ofEndpoint[endpoint, default: 0] += Int(bytes)
        if let source { self.ofSender[Sender(endpoint: endpoint, source: source), default: 0] += Int(bytes) }
    }

    /// Takes room for a request; false when there is not enough, and then nothing is taken.
    mutating func take(_ bytes: Int, endpoint: EndpointID, address: String) -> Bool {
        guard let given = self.limits[endpoint] else { return false }
        let limit = min(max(0, given), QuarantineContent.encodedLimitBytes)
        let sender = Sender(endpoint: endpoint, source: QuarantinedRequest.source(of: address))
        let ofEndpoint = self.ofEndpoint[endpoint, default: 0]
        let ofSender = self.ofSender[sender, default: 0]
        guard bytes <= limit - ofEndpoint, bytes <= limit / QuarantineStore.sendersShare - ofSender else {
            return false
        }
        self.ofEndpoint[endpoint] = ofEndpoint + bytes
        self.ofSender[sender] = ofSender + bytes
        return true
    }
}
