/// The list of living gateways that all of them can see, whatever they share limits through.
package protocol ShareRegister: Sendable {
    /// Sets what this gateway says it can share limits through, from the next time it is heard of on.
    func declare(_ shares: String)

    /// Says that this gateway is alive, and gives what each of the others declared.
    func register() async throws(ShareError) -> [String]
}
