internal import PosternModel

/// The limits in force for a signed time at one endpoint.
struct Tolerance: Sendable {
    private let past: Duration?
    private let future: Duration?

    /// Joins the platform's limits and the endpoint's.
    init(_ plan: TimePlan?, _ override: ToleranceOverride) {
        switch override {
        case .platform:
            let enforced = plan?.isEnforced == true ? plan : nil
            self.past = enforced?.pastSeconds.map { .seconds($0) }
            self.future = enforced?.futureSeconds.map { .seconds($0) }
        case .seconds(let seconds):
            self.past = plan.map { _ in .seconds(seconds) }
            self.future = plan?.futureSeconds.map { .seconds($0 == 0 ? 0 : seconds) }
        case .unlimited:
            self.past = nil
            self.future = nil
        }
    }

    /// Whether any time at all would do.
    var isUnlimited: Bool { self.past == nil && self.future == nil }

    /// Tells whether a signed time is near enough; the limits themselves are.
    func admits(_ signed: Timestamp, now: Timestamp) -> Bool {
        if let past, signed.advanced(by: past) < now { return false }
        if let future, signed > now.advanced(by: future) { return false }
        return true
    }
}
