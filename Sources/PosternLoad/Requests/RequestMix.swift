/// Decides what the next request is, so that the ratios hold at every moment, not only on average.
///
/// A value without chance: the same ratios give the same order in every run.
package struct RequestMix: Sendable {
    /// The share of requests that repeat an earlier one.
    package let duplicates: Double
    /// The share of requests with a wrong signature.
    package let forgeries: Double

    private var owedDuplicates = 0.0
    private var owedForgeries = 0.0

    /// Starts with nothing owed; both shares are 0 to 1, and so is their sum.
    package init(duplicates: Double = 0, forgeries: Double = 0) {
        self.duplicates = duplicates
        self.forgeries = forgeries
    }

    /// What the next request is to be; without anything to repeat, the duplicate is owed until there is.
    package mutating func next(canRepeat: Bool) -> RequestKind {
        self.owedDuplicates += self.duplicates
        self.owedForgeries += self.forgeries
        // A little less than 1: sums of 0.1 come to 0.99999.
        if self.owedForgeries > 0.999_999 {
            self.owedForgeries -= 1
            return .forged
        }
        if canRepeat, self.owedDuplicates > 0.999_999 {
            self.owedDuplicates -= 1
            return .duplicate
        }
        return .genuine
    }
}
