internal import FoundationEssentials

/// Who this process is, for people who read `writers` and `consumers`.
enum ProcessIdentity {
    /// Host name and process number: `web-1:4711`.
    static var text: String {
        "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
    }
}
