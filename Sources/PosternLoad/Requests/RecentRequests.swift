/// The last genuine requests, to be repeated one after the other.
struct RecentRequests<Request> {
    private let limit: Int
    private var requests: [Request] = []
    private var nextNoted = 0
    private var nextTaken = 0

    /// Remembers so many.
    init(limit: Int) {
        precondition(limit > 0, "a memory for \(limit) requests")
        self.limit = limit
    }

    /// Remembers one in place of the oldest.
    mutating func note(_ request: Request) {
        if self.requests.count < self.limit {
            self.requests.append(request)
        } else {
            self.requests[self.nextNoted] = request
        }
        self.nextNoted = (self.nextNoted + 1) % self.limit
    }

    /// One to repeat; `nil` before there is any.
    mutating func take() -> Request? {
        guard !self.requests.isEmpty else { return nil }
        defer { self.nextTaken += 1 }
        return self.requests[self.nextTaken % self.requests.count]
    }
}
