/// Where a process answers questions about itself.
package struct StatusConfiguration: Equatable, Sendable {
    /// The address; loopback unless somebody decides otherwise, since the answers name organizations' figures.
    package var host = "127.0.0.1"
    /// The port; 0 lets the system choose.
    package var port: Int

    /// Sets the port and leaves the rest at its default.
    package init(port: Int) { self.port = port }
}
