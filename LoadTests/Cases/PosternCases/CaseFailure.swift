/// Why a case cannot be measured, or measured something else than it says.
package enum CaseFailure: Error, CustomStringConvertible {
    /// What the case works on cannot be made.
    case cannotPrepare(String)
    /// An operation did not do what it is measured for.
    case wrongResult(String)

    package var description: String {
        switch self {
        case .cannotPrepare(let reason): "cannot be prepared: \(reason)"
        case .wrongResult(let reason): "does something else: \(reason)"
        }
    }
}
