package import PosternModel

/// What came of checking the folder of one platform.
package struct PlatformReport: Sendable {
    /// One sample that does not give what it should.
    package struct Failure: Equatable, Sendable {
        /// The sample's name; empty when the samples could not be read at all.
        package let sample: String
        /// One line for each difference.
        package let lines: [String]
    }

    /// The platform, which is also the folder's name.
    package let platform: PlatformName
    /// How many samples were run.
    package let samples: Int
    /// Those that failed, in the order of their names.
    package let failures: [Failure]

    /// Whether every sample gave what it should, and there was one.
    package var isGood: Bool { self.failures.isEmpty && self.samples > 0 }
}
