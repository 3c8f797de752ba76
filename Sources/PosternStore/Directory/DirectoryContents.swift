/// All endpoints as read at one time.
package struct DirectoryContents: Sendable {
    /// Every readable endpoint, in the order of creation.
    package var endpoints: [EndpointRecord] = []
    /// What could not be read or opened; an endpoint whose secret did not open is in ``endpoints`` without it.
    package var faults: [DirectoryFault] = []
}
