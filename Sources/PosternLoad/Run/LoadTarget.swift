package import NIOCore

/// One server that is put under load.
package struct LoadTarget: Sendable {
    /// Where it listens.
    package let address: SocketAddress
    /// What it is sent.
    package let requests: TargetRequests

    /// Joins the two.
    package init(address: SocketAddress, requests: TargetRequests) {
        self.address = address
        self.requests = requests
    }
}
