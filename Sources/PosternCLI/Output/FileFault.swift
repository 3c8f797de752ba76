internal import Foundation
internal import SystemPackage

/// Why a file could not be read or written.
enum FileFault {
    /// Finds what the system says, such as `No such file or directory`.
    ///
    /// Foundation's own errors say it with everything around it.
    static func reason(_ error: any Error) -> String {
        let cause = (error as? CocoaError)?.underlying as? POSIXError
        guard let code = cause?.code ?? (error as? POSIXError)?.code else { return "\(error)" }
        return Errno(rawValue: code.rawValue).description
    }
}
