/// A pattern with `*` and `?`, as PostgreSQL's LIKE has it.
enum GlobPattern {
    /// Writes the pattern for LIKE with its default escape: `order_*` becomes `order\_%`.
    static func like(_ glob: String) -> String {
        var pattern = ""
        for scalar in glob.unicodeScalars {
            switch scalar {
            case "*": pattern += "%"
            case "?": pattern += "_"
            case "%", "_", "\\":
                pattern += "\\"
                pattern.unicodeScalars.append(scalar)
            default: pattern.unicodeScalars.append(scalar)
            }
        }
        return pattern
    }
}
