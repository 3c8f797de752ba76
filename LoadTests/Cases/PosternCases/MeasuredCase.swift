/// One thing Postern does for every request or every delivery, ready to be repeated.
///
/// Shared by what measures time (`PosternBenchmarks`) and what counts instructions (`postern-cases`).
package struct MeasuredCase: Sendable {
    /// Repeats the operation so often, and looks each time whether it did what it is measured for.
    package typealias Work = @Sendable (_ count: Int) throws(CaseFailure) -> Void

    /// Group and name, joined by a slash.
    package let name: String
    /// What the code says about its memory.
    package let claim: AllocationClaim
    /// Whether one operation takes a thousand times as long as others do, so that a few are enough to measure it.
    package let isLarge: Bool
    /// Makes what the operation works on; may take long, and is not measured.
    package let prepare: @Sendable () throws(CaseFailure) -> Work

    init(
        _ name: String,
        claim: AllocationClaim = .none,
        isLarge: Bool = false,
        prepare: @escaping @Sendable () throws(CaseFailure) -> Work
    ) {
        self.name = name
        self.claim = claim
        self.isLarge = isLarge
        self.prepare = prepare
    }
}
