internal import Glibc

/// Where the repository lies whose tests run.
package enum RepositoryRoot {
    /// The directory that holds `.ci`, without a slash at its end.
    ///
    /// - Throws: ``TestFailure/tool(_:)`` when the sources were moved since they were compiled.
    package static func path(of file: String = #filePath) throws -> String {
        guard let resolved = unsafe realpath(file, nil) else {
            throw TestFailure.tool("\(file) was moved since it was compiled")
        }
        defer { unsafe free(resolved) }
        var folder = unsafe Substring(String(cString: resolved))
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            if unsafe access("\(folder)/.ci/postgres", X_OK) == 0 { return String(folder) }
        }
        throw TestFailure.tool("no .ci/postgres above \(file)")
    }
}
