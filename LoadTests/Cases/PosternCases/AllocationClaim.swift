/// What is claimed of the memory a case takes, mostly by the documentation of its code: checked by counting calls.
package enum AllocationClaim: Sendable, Equatable {
    /// Nothing.
    case none
    /// At most so many calls of `malloc` and its like for each operation.
    case calls(Int)
    /// At most so many objects of Swift's for each operation; what libraries take is theirs.
    case objects(Int)

    /// The words of the list that is read by `LoadTests/instructions`.
    package var description: String {
        switch self {
        case .none: "-"
        case .calls(let count): "calls \(count)"
        case .objects(let count): "objects \(count)"
        }
    }
}
