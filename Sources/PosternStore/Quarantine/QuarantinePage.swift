package import PosternCrypto
package import PosternModel

/// Quarantined requests of one endpoint, oldest first, opened.
package struct QuarantinePage: Sendable, Equatable {
    /// A request that could not be opened.
    package struct Fault: Error, Equatable {
        /// What is wrong with it.
        package enum Reason: Sendable, Equatable {
            /// It does not open with the keys at hand.
            case notOpened(CryptoError)
            /// It opened to what this program cannot read.
            case malformed
        }

        package let id: DeliveryID
        package let reason: Reason
    }

    /// Those that could be opened.
    package var requests: [QuarantinedRequest] = []
    /// Those that could not.
    package var faults: [Fault] = []
    /// Where the next page begins; `nil` when this page is empty, and so the end was reached.
    package var next: DeliveryID?

    /// A page of nothing.
    package init() {}
}
