internal import PosternOutbound
internal import PosternStore

extension OutboundAnswer {
    /// The HTTP status, if there was one.
    var status: Int32? {
        if case .answered(let status) = self.result { Int32(clamping: status) } else { nil }
    }

    /// Whether the attempt was stopped here, before anything was known.
    var wasCanceled: Bool {
        if case .failed(.canceled, _) = self.result { true } else { false }
    }

    /// What went wrong where there was no answer.
    var detail: String? {
        if case .failed(let failure, let detail) = self.result { "\(failure.rawValue): \(detail)" } else { nil }
    }

    /// The same as it is kept with a retry or a dead letter.
    func failure(_ reason: String) -> DeliveryFailure {
        DeliveryFailure(
            reason: reason,
            detail: self.detail ?? "the destination answered \(self.status ?? 0)",
            status: self.status,
            answer: self.status == nil ? nil : self.text
        )
    }
}

extension AttemptVerdict {
    /// The word that counts it.
    var outcome: String {
        switch self {
        case .delivered: "delivered"
        case .transient(let reason), .permanent(let reason): reason
        case .gone: "http_410"
        }
    }
}
